import { useI18n } from 'vue-i18n'
import { useNotes } from '@/stores/notes'

/** Copies text and says so. Plain http has no clipboard API, so there is an older way as well. */
export function useCopy(): (text: string) => Promise<void> {
  const { t } = useI18n()
  const notes = useNotes()
  return async (text) => {
    try {
      if (window.isSecureContext) await navigator.clipboard.writeText(text)
      else copyByField(text)
      notes.say(t('common.copied'))
    } catch {
      notes.say(t('common.copyFailed'), 'bad')
    }
  }
}

function copyByField(text: string): void {
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'unseen'
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  if (!done) throw new Error('copy')
}
