import { useI18n } from 'vue-i18n'
import { faultOf } from '@/api/fault'

/** Turns whatever was thrown into a sentence in the reader's language. */
export function useFaultText(): (thrown: unknown) => string {
  const { t, te } = useI18n()
  return (thrown) => {
    const fault = faultOf(thrown)
    return faultText(fault.code, fault.message, fault.retryAfter)
  }

  function faultText(code: number, detail: string, retryAfter?: number): string {
    const key = `fault.${code}`
    if (!te(key)) return detail || t('fault.129')
    return t(key, { seconds: retryAfter ?? 0, detail })
  }
}
