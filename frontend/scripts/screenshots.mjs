// Makes docs/screenshots out of the demo school: fills a folder, runs the server
// on it, signs in as its people and takes the pictures that the README shows.
import { chromium } from '@playwright/test'
import { spawn, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = '../bin/homeroom'
const out = '../docs/screenshots'
const folder = mkdtempSync(join(tmpdir(), 'homeroom-screenshots-'))
const data = join(folder, 'data')
mkdirSync(out, { recursive: true })

// Two pictures of the same source are the same: the school is made from a seed.
const shown = execFileSync(binary, ['demo', '--data', data, '--classes', '8', '--members', '30', '--threads', '6', '--messages', '2400'], { encoding: 'utf8' })
const people = Object.fromEntries(
  [...shown.matchAll(/^\s*(admin|teacher|student)\s+(.+), password (\S+)$/gm)].map(([, role, name, password]) => [role, { name, password }]),
)

const server = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--log-level', 'error', '--no-admin-second-factor'])
const address = await new Promise((resolve, reject) => {
  server.stdout.on('data', (chunk) => {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))
    if (found) resolve(found[0])
  })
  server.on('exit', () => reject(new Error('the server ended')))
})

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

async function open({ width = 1280, height = 800, colorScheme = 'light', locale = 'en' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, deviceScaleFactor: 2, reducedMotion: 'reduce' })
  return context.newPage()
}

async function signIn(page, who) {
  await page.goto(`${address}/sign-in`)
  await page.locator('input[autocomplete="username"]').fill(who.name)
  await page.locator('input[type="password"]').fill(who.password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}

async function picture(page, name) {
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(800)
  await page.screenshot({ path: join(out, `${name}.png`) })
}

try {
  const door = await open()
  await door.goto(`${address}/sign-in`)
  await picture(door, 'sign-in')

  for (const [name, options, path] of [
    ['thread', {}, '/c/1/t/1'],
    ['thread-dark', { colorScheme: 'dark', locale: 'zh-CN' }, '/c/1/t/2'],
    ['phone', { width: 390, height: 844 }, '/c/1/t/1'],
    ['manage', {}, '/c/1/manage'],
  ]) {
    const page = await open(options)
    await signIn(page, people.teacher)
    await page.goto(address + path)
    await picture(page, name)
  }
  const admin = await open()
  await signIn(admin, people.admin)
  await admin.goto(`${address}/admin`)
  await picture(admin, 'admin')
} finally {
  await browser.close()
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}
