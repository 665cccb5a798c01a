import { Copy, Flag, Link, Pencil, Pin, PinOff, Reply, Trash2 } from '@lucide/vue'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Message } from '@/api/nouns'
import type { MenuEntry } from '@/text/menu'
import { useComposing } from '@/stores/composing'
import { useNotes } from '@/stores/notes'
import { useOverlay } from '@/stores/overlay'
import { useThreads } from '@/stores/threads'
import { useCopy } from './useCopy'
import { useGist } from './useGist'
import { useFaultText } from './useFaultText'
import { useMay } from './useMay'

/** What can be done with a message, by whoever reads it. */
export function useMessageMenu(message: () => Message): ComputedRef<MenuEntry[]> {
  const { t } = useI18n()
  const composing = useComposing()
  const overlay = useOverlay()
  const threads = useThreads()
  const notes = useNotes()
  const copy = useCopy()
  const gist = useGist()
  const faultText = useFaultText()
  const may = useMay(
    () => message().class_id,
    () => message().thread_id,
  )

  async function pin(id: number | undefined): Promise<void> {
    try {
      await threads.pin(message().class_id, message().thread_id, id)
      notes.say(t(id === undefined ? 'chat.unpinned' : 'chat.pinnedNow'))
    } catch (thrown) {
      notes.say(faultText(thrown), 'bad')
    }
  }

  return computed(() => {
    const one = message()
    const link = `${location.origin}/c/${one.class_id}/t/${one.thread_id}/m/${one.id}`
    const pinned = threads.get(one.class_id, one.thread_id)?.pinned_message_id === one.id
    const entries: MenuEntry[] = []
    if (may.bar.value === undefined) entries.push({ label: t('chat.reply'), icon: Reply, keys: 'R', run: () => composing.reply(one) })
    if (may.edit(one)) entries.push({ label: t('chat.edit'), icon: Pencil, keys: 'E', run: () => composing.edit(one.id) })
    if (may.staff.value) {
      entries.push(
        pinned
          ? { label: t('chat.unpin'), icon: PinOff, run: () => void pin(undefined) }
          : { label: t('chat.pin'), icon: Pin, run: () => void pin(one.id) },
      )
    }
    entries.push({ label: t('chat.copyLink'), icon: Link, run: () => void copy(link) })
    entries.push({ label: t('chat.copyText'), icon: Copy, run: () => void copy(one.content || gist(one)) })
    if (may.report(one) || may.remove(one)) entries.push('line')
    if (may.report(one)) entries.push({ label: t('chat.report'), icon: Flag, run: () => overlay.report(one) })
    if (may.remove(one)) entries.push({ label: t('chat.delete'), icon: Trash2, danger: true, run: () => overlay.remove(one) })
    return entries
  })
}
