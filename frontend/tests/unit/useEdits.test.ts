import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import * as classes from '@/api/classes'
import * as me from '@/api/me'
import type { Class, User } from '@/api/nouns'
import { useClasses } from '@/stores/classes'
import { useSession } from '@/stores/session'
import ManageAbout from '@/views/ManageAbout.vue'
import ProfileSettings from '@/views/ProfileSettings.vue'
import { stage } from './stage'

const at = '2026-03-02T09:00:00.000Z'
const ann: User = { id: 1, name: 'Ann', role: 'teacher', hue: 3, locale: '', created_at: at }
const group: Class = { id: 1, name: 'Physics', description: '', hue: 1, students_open_threads: false, students_see_presence: false, seq: 1, created_by: 1, created_at: at, member_count: 1, role: 'owner' }

beforeEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
  localStorage.clear()
  sessionStorage.clear()
})

// Any event that changed a class once took away what was typed about it.
it('what is typed about a class stays when somebody joins it', async () => {
  const { wrapper } = await stage(
    defineComponent(() => {
      useClasses().restore([group])
      return () => h(ManageAbout, { group: useClasses().get(1) ?? group })
    }),
  )
  const [name, description] = [wrapper.get('input'), wrapper.get('textarea')]
  await description.setValue('What a teacher is typing')
  useClasses().counted(1, 1)
  useClasses().take({ ...group, member_count: 2, name: 'Physics 7b' })
  await flushPromises()
  expect(description.element.value).toBe('What a teacher is typing')
  expect(name.element.value, 'what nobody has touched is as it is now').toBe('Physics 7b')
})

// Another language on the same page once took a new name and address back.
it('what is typed about oneself stays when the language is changed', async () => {
  const { wrapper } = await stage(
    defineComponent(() => {
      useSession().become(ann)
      return () => h(ProfileSettings)
    }),
  )
  const [name, email] = [wrapper.get('input[autocomplete="username"]'), wrapper.get('input[autocomplete="email"]')]
  const save = wrapper.get('button[type="submit"]')
  const value = (field: typeof name) => (field.element as HTMLInputElement).value
  expect(save.attributes('disabled')).toBeDefined()
  await name.setValue('Anna Maria ')
  useSession().become({ ...ann, locale: 'en', email: 'ann@school.example' })
  await flushPromises()
  expect(value(name)).toBe('Anna Maria ')
  expect(value(email)).toBe('ann@school.example')
  expect(save.attributes('disabled')).toBeUndefined()
  useSession().become({ ...ann, name: 'Anna Maria', email: 'ann@school.example' })
  await flushPromises()
  expect(save.attributes('disabled'), 'it is saved').toBeDefined()
})

// The name once stayed unsaved for ever where the server had joined two spaces.
it('what the server makes of what was sent stands in the form, but for what was typed meanwhile', async () => {
  const { wrapper } = await stage(
    defineComponent(() => {
      useSession().become(ann)
      return () => h(ProfileSettings)
    }),
  )
  const [name, email] = [wrapper.get<HTMLInputElement>('input[autocomplete="username"]'), wrapper.get<HTMLInputElement>('input[autocomplete="email"]')]
  let answer: (user: User) => void = () => {}
  vi.spyOn(me, 'change').mockReturnValue(new Promise((resolve) => (answer = resolve)))
  await name.setValue('Anna  Maria')
  await email.setValue('ann@school.example')
  await wrapper.get('form').trigger('submit')
  expect(me.change).toHaveBeenCalledWith({ name: 'Anna  Maria', email: 'ann@school.example' })
  await email.setValue('anna@school.example')
  answer({ ...ann, name: 'Anna Maria', email: 'ann@school.example' })
  await flushPromises()
  expect(name.element.value).toBe('Anna Maria')
  expect(email.element.value).toBe('anna@school.example')
  await email.setValue('ann@school.example')
  expect(wrapper.get('button[type="submit"]').attributes('disabled'), 'all is saved').toBeDefined()
})

it('so does what the server makes of what was sent about a class', async () => {
  const { wrapper } = await stage(
    defineComponent(() => {
      useClasses().restore([group])
      return () => h(ManageAbout, { group: useClasses().get(1) ?? group })
    }),
  )
  const name = wrapper.get('input')
  vi.spyOn(classes, 'change').mockResolvedValue({ ...group, name: 'Physics 7b' })
  await name.setValue('Physics  7b')
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(name.element.value).toBe('Physics 7b')
  expect(wrapper.get('button[type="submit"]').attributes('disabled'), 'it is saved').toBeDefined()
})
