import { createI18n } from 'vue-i18n'
import type en from './locales/en.json'

export type Words = typeof en
export type Locale = 'en' | 'zh-CN'
export const locales: readonly Locale[] = ['en', 'zh-CN']

export const i18n = createI18n<[Words], Locale, false>({
  legacy: false,
  locale: 'en',
  // No messages here: each language is a file of its own, and only the one
  // that is read is loaded.
  messages: {} as Record<Locale, Words>,
  missingWarn: false,
  fallbackWarn: false,
  warnHtmlMessage: false,
})

async function words(locale: Locale): Promise<Words> {
  switch (locale) {
    case 'en':
      return (await import('./locales/en.json')).default
    case 'zh-CN':
      return (await import('./locales/zh-CN.json')).default
    default:
      return locale satisfies never
  }
}

/** The language that the browser asks for, among those that there are. */
export function browserLocale(languages: readonly string[] = navigator.languages): Locale {
  for (const language of languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

export async function speak(locale: Locale): Promise<void> {
  if (!i18n.global.availableLocales.includes(locale)) {
    i18n.global.setLocaleMessage(locale, await words(locale))
  }
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}
