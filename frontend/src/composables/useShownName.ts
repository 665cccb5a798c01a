import { useI18n } from 'vue-i18n'

/** Shows a name; that of somebody who was erased, which nobody else can have, in the reader's language. */
export function useShownName() {
  const { t } = useI18n()
  return (name: string) => {
    const number = /^Former member (\d+)$/.exec(name)?.[1]
    return number === undefined ? name : t('common.former', { number })
  }
}
