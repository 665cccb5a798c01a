import { useI18n } from 'vue-i18n'
import { faultOf } from '@/api/fault'
import { lasting } from '@/text/span'
import { useRegion } from './useDates'

/** Turns whatever was thrown into a sentence in the reader's language. */
export function useFaultText(): (thrown: unknown) => string {
  const { t, te } = useI18n()
  const region = useRegion()
  return (thrown) => {
    const fault = faultOf(thrown)
    return faultText(fault.code, fault.message, fault.retryAfter)
  }

  function faultText(code: number, detail: string, retryAfter?: number): string {
    if (code === 138 && retryAfter) return t('common.tooManyTries', { time: lasting(region.value, retryAfter) })
    const key = `fault.${code}`
    if (!te(key)) return detail || t('fault.129')
    return t(key, { detail })
  }
}
