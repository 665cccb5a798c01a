import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { guard } from '@/router'
import { useSession } from '@/stores/session'
import type { RouteLocationNormalized } from 'vue-router'

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }))
  setActivePinia(createPinia())
  useSession().known = true
})

const to = (fullPath: string, more: Partial<RouteLocationNormalized> = {}) => ({ fullPath, meta: {}, query: {}, name: undefined, ...more }) as RouteLocationNormalized
const signIn = (role: 'admin' | 'student') => (useSession().user = { id: 1, name: 'Bob', role, hue: 0, locale: '', created_at: '' })

test('who is not signed in signs in first, and is then where they wanted to go', async () => {
  expect(await guard(to('/c/3/t/9'))).toEqual({ name: 'sign-in', query: { next: '/c/3/t/9' } })
  expect(await guard(to('/'))).toEqual({ name: 'sign-in', query: {} })
  expect(await guard(to('/join', { meta: { open: true } }))).toBe(true)
})

test('who is signed in does not sign in again, and is sent nowhere else', async () => {
  signIn('student')
  expect(await guard(to('/sign-in', { name: 'sign-in', query: { next: '/c/3' }, meta: { open: true } }))).toBe('/c/3')
  expect(await guard(to('/sign-in', { name: 'sign-in', query: { next: '//evil.example' }, meta: { open: true } }))).toBe('/')
})

test('pages of admins are for admins', async () => {
  signIn('student')
  expect(await guard(to('/admin/users', { meta: { admin: true } }))).toEqual({ name: 'home' })
  signIn('admin')
  expect(await guard(to('/admin/users', { meta: { admin: true } }))).toBe(true)
})

test('an admin without a second factor sets one up before any other page', async () => {
  signIn('admin')
  useSession().unready = true
  for (const path of ['/admin/users', '/c/3', '/nowhere']) expect(await guard(to(path))).toEqual({ name: 'second-factor', query: { next: path } })
  expect(await guard(to('/'))).toEqual({ name: 'second-factor', query: {} })
  expect(await guard(to('/sign-in', { name: 'sign-in', query: { next: '/c/3' }, meta: { open: true } }))).toEqual({ name: 'second-factor', query: { next: '/c/3' } })
  expect(await guard(to('/second-factor', { name: 'second-factor' }))).toBe(true)
  useSession().unready = false
  expect(await guard(to('/second-factor', { name: 'second-factor', query: { next: '/admin/users' } }))).toBe('/admin/users')
  expect(await guard(to('/second-factor', { name: 'second-factor', query: { next: '//evil.example' } }))).toBe('/')
})
