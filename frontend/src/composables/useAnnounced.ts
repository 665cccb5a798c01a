import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { useGist } from '@/composables/useGist'
import { useShownName } from '@/composables/useShownName'

const pauseMs = 100
/** Of more within one pause the newest are read. */
const most = 3

/** The newest messages of others, for who listens rather than looks. */
export function useAnnounced(threadId: () => number): Ref<string> {
  const { t } = useI18n()
  const shown = useShownName()
  const gist = useGist()
  const messages = useMessages()
  const session = useSession()
  const text = ref('')
  let saying: ReturnType<typeof setTimeout> | undefined
  const newest = computed(() => {
    const timeline = messages.of(threadId())
    return timeline.loaded && !timeline.hasNewer ? timeline.messages.at(-1) : undefined
  })
  const waiting: string[] = []
  /** Empty first, and long enough to be noticed: words that are there already would not be read again. */
  function say(words: string): void {
    if (waiting.push(words) > 1) return
    text.value = ''
    saying = setTimeout(() => (text.value = waiting.splice(0).slice(-most).join('\n')), pauseMs)
  }
  function hush(): void {
    clearTimeout(saying)
    waiting.length = 0
    text.value = ''
  }
  onScopeDispose(hush)
  watch([threadId, newest], ([thread, now], [threadBefore, before]) => {
    // What was there when the thread was opened is read, not announced.
    if (thread !== threadBefore || !before || !now) hush()
    else if (now.seq > before.seq && now.speaker_id !== session.user?.id) {
      say(t('chat.announced', { name: shown(now.speaker_name), text: gist(now) }))
    }
  })
  return text
}
