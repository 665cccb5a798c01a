import { useLocalStorage, usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, watchEffect } from 'vue'
import { browserLocale, type Locale } from '@/i18n'

export type Theme = 'system' | 'light' | 'dark'
export type TextSize = 'small' | 'normal' | 'large' | 'larger'

/** What one sets for this browser: it is needed before anybody signs in. */
export const useSettings = defineStore('settings', () => {
  const theme = useLocalStorage<Theme>('homeroom.theme', 'system')
  const textSize = useLocalStorage<TextSize>('homeroom.text', 'normal')
  /** Empty follows the browser. */
  const language = useLocalStorage<Locale | ''>('homeroom.language', '')
  const columnWidth = useLocalStorage('homeroom.column', 280)
  const details = useLocalStorage('homeroom.details', false)

  const systemDark = usePreferredDark()
  const dark = computed(() => (theme.value === 'system' ? systemDark.value : theme.value === 'dark'))
  const locale = computed<Locale>(() => language.value || browserLocale())

  watchEffect(() => {
    const root = document.documentElement
    root.dataset.theme = dark.value ? 'dark' : 'light'
    root.dataset.text = textSize.value
  })

  return { theme, textSize, language, columnWidth, details, dark, locale }
})
