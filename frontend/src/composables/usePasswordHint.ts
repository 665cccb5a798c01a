import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import { lengthOf } from '@/text/password'

/** What is still missing of a new password, while it is typed. */
export function usePasswordHint(password: MaybeRefOrGetter<string>, least: MaybeRefOrGetter<number>): ComputedRef<string> {
  const { t } = useI18n()
  return computed(() => {
    const length = lengthOf(toValue(password))
    const missing = toValue(least) - length
    if (length === 0) return t('password.least', { n: toValue(least) })
    if (missing > 0) return t('password.missing', { n: missing }, missing)
    return t('password.enough', { n: length }, length)
  })
}
