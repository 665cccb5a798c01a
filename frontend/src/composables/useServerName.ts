import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSession } from '@/stores/session'

/** What a school calls its server; the product's name until that is known. */
export function useServerName(): ComputedRef<string> {
  const { t } = useI18n()
  const session = useSession()
  return computed(() => session.info?.name || t('common.product'))
}
