import { computed, ref, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { useGist } from '@/composables/useGist'
import { useShownName } from '@/composables/useShownName'

const pauseMs = 100

/** The newest message of others, for who listens rather than looks. */
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
  /** Empty first, and long enough to be noticed: words that are there already would not be read again. */
  function say(words: string): void {
    clearTimeout(saying)
    text.value = ''
    saying = setTimeout(() => (text.value = words), pauseMs)
  }
  watch([threadId, newest], ([thread, now], [threadBefore, before]) => {
    // What was there when the thread was opened is read, not announced.
    if (thread !== threadBefore || !before || !now) say('')
    else if (now.seq > before.seq && now.speaker_id !== session.user?.id) {
      say(t('chat.announced', { name: shown(now.speaker_name), text: gist(now) }))
    }
  })
  return text
}
