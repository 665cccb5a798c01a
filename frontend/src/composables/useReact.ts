import type { Message } from '@/api/nouns'
import { useMessages } from '@/stores/messages'
import { useNotes } from '@/stores/notes'
import { useSession } from '@/stores/session'
import { useFaultText } from './useFaultText'

/** Adds one's reaction, or takes it back when it is there. */
export function useReact(): (message: Message, emoji: string) => Promise<void> {
  const messages = useMessages()
  const session = useSession()
  const notes = useNotes()
  const faultText = useFaultText()
  return async (message, emoji) => {
    const me = session.user?.id ?? 0
    const there = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.user_ids.includes(me))
    try {
      await messages.react(message, emoji, !there)
    } catch (thrown) {
      notes.say(faultText(thrown), 'bad')
    }
  }
}
