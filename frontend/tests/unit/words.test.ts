import { describe, expect, it } from 'vitest'
import { browserLocale } from '@/i18n'
import en from '@/locales/en.json'
import zh from '@/locales/zh-CN.json'
import { dates } from '@/text/dates'
import { search } from '@/text/emoji'
import { initials } from '@/text/initials'
import { rank } from '@/text/match'

type Tree = { [key: string]: string | Tree }
function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`)))
}

describe('the two languages', () => {
  const english = new Map(flat(en))
  const chinese = new Map(flat(zh))

  it('have the same keys', () => {
    expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  })
  it('say something under each of them, with the same placeholders', () => {
    const holes = (text = '') => [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted()
    for (const [key, text] of english) {
      expect(text.trim(), key).not.toBe('')
      expect(holes(chinese.get(key)), key).toEqual(holes(text))
    }
  })
  it('shout nowhere', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text, key).not.toMatch(/[!！]/)
  })
})

it('the page speaks the first language of the browser that it knows', () => {
  expect(browserLocale(['zh-TW', 'en'])).toBe('zh-CN')
  expect(browserLocale(['de', 'en-GB', 'zh'])).toBe('en')
  expect(browserLocale(['fr'])).toBe('en')
})

describe('dates', () => {
  const now = () => new Date(2026, 2, 12, 15, 0)
  const at = (day: number, hour = 9) => new Date(2026, 2, day, hour).toISOString()

  it('say today and yesterday in the language of the reader', () => {
    expect(dates('en', now).day(at(12))).toBe('Today')
    expect(dates('en', now).day(at(11, 23))).toBe('Yesterday')
    expect(dates('zh-CN', now).day(at(12))).toBe('今天')
    expect(dates('zh-CN', now).day(at(11))).toBe('昨天')
  })
  it('name the day within a week and the date before it', () => {
    expect(dates('en', now).day(at(9))).toBe('Monday')
    expect(dates('zh-CN', now).day(at(9))).toBe('星期一')
    expect(dates('en-GB', now).day(at(1))).toMatch(/1 March/)
    expect(dates('en', now).day(new Date(2024, 0, 5).toISOString())).toMatch(/2024/)
  })
  it('are short in lists', () => {
    expect(dates('en-GB', now).brief(at(12, 9))).toBe('9:00')
    expect(dates('en', now).brief(at(11))).toBe('Yesterday')
  })
})

it('initials are what a name is known by', () => {
  expect(initials('Ann Lee')).toBe('AL')
  expect(initials('ann')).toBe('A')
  expect(initials('王小明')).toBe('小明')
  expect(initials('  ')).toBe('?')
  expect(initials('😀 Smith')).toBe('😀S')
})

it('the palette finds the better match first', () => {
  const names = ['Old homework', 'Homework', 'My notes', 'Home', 'Hot meals at work']
  const found = names.filter((name) => rank(name, 'home') > 0).toSorted((a, b) => rank(b, 'home') - rank(a, 'home'))
  expect(found.slice(0, 3)).toEqual(['Home', 'Homework', 'Old homework'])
  expect(rank('作业讨论', '讨论')).toBeGreaterThan(0)
  expect(rank('Physics', 'xyz')).toBe(0)
})

it('emoji are found by every word of the search', () => {
  const all = [
    { emoji: '😀', name: 'grinning face', tags: ['happy'], group: 0 },
    { emoji: '🐱', name: 'cat face', tags: ['pet'], group: 3 },
  ]
  expect(search(all, 'face happy').map((one) => one.emoji)).toEqual(['😀'])
  expect(search(all, 'FACE')).toHaveLength(2)
  expect(search(all, 'dog')).toEqual([])
})
