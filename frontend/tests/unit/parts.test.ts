import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import CountBadge from '@/components/column/CountBadge.vue'
import EntryRow from '@/components/conversation/EntryRow.vue'
import MessageBody from '@/components/conversation/MessageBody.vue'
import MessageComposer from '@/components/conversation/MessageComposer.vue'
import ReactionPills from '@/components/conversation/ReactionPills.vue'
import EmojiPicker from '@/components/overlay/EmojiPicker.vue'
import NameDialog from '@/components/overlay/NameDialog.vue'
import { Fault } from '@/api/fault'
import type { Class, Thread, User } from '@/api/nouns'
import { useAnchoredRows } from '@/composables/useAnchoredRows'
import { useClasses } from '@/stores/classes'
import { useDrafts } from '@/stores/drafts'
import { useOutbox } from '@/stores/outbox'
import { usePresence } from '@/stores/presence'
import { useSession } from '@/stores/session'
import { useThreads } from '@/stores/threads'
import type { Row } from '@/timeline/rows'
import { file, message } from './server'
import { stage } from './stage'

const at = '2026-03-02T09:00:00.000Z'
const bob: User = { id: 2, name: 'Bob', role: 'student', hue: 3, locale: '', created_at: at }
const group: Class = { id: 1, name: 'Physics', description: '', hue: 1, students_open_threads: false, students_see_presence: false, seq: 1, created_by: 1, created_at: at, role: 'student' }
const thread: Thread = { id: 7, class_id: 1, name: 'Homework', created_by: 1, created_at: at, last_seq: 0 }

/** Bob sits in a thread of his class. */
function seat(more: { group?: Partial<Class>; thread?: Partial<Thread> } = {}): void {
  useSession().user = bob
  useClasses().restore([{ ...group, ...more.group }])
  useThreads().restore(1, [{ ...thread, ...more.thread }])
}

afterEach(() => {
  document.body.replaceChildren()
  localStorage.clear()
  vi.unstubAllGlobals()
})

describe('the field', () => {
  async function field(more?: Parameters<typeof seat>[0]) {
    setActivePinia(createPinia())
    const { wrapper } = await stage(MessageComposer, { classId: 1, threadId: 7, name: 'Homework' })
    seat(more)
    // Taken at once: what a field of before does late, such as keeping its draft,
    // makes its own stores the ones that are found.
    const send = vi.spyOn(useOutbox(), 'send').mockResolvedValue()
    const presence = usePresence()
    await flushPromises()
    return { wrapper, send, presence }
  }

  it('sends with Enter and is empty again', async () => {
    const { wrapper, send } = await field()
    const area = wrapper.get('textarea')
    await area.setValue('  hello  ')
    await area.trigger('keydown', { key: 'Enter' })
    expect(send).toHaveBeenCalledWith(1, 7, '  hello', undefined, undefined)
    expect(area.element.value).toBe('')
  })

  it('sends nothing with Shift+Enter, while composing, or without a word', async () => {
    const { wrapper, send } = await field()
    const area = wrapper.get('textarea')
    await area.setValue('hello')
    await area.trigger('keydown', { key: 'Enter', shiftKey: true })
    await area.trigger('keydown', { key: 'Enter', isComposing: true })
    await area.trigger('keydown', { key: 'Enter', keyCode: 229 })
    // Safari ends the composition before it reports the key that ended it.
    area.element.dispatchEvent(new CompositionEvent('compositionend'))
    area.element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))
    await area.setValue(' \n ')
    await area.trigger('keydown', { key: 'Enter' })
    expect(send).not.toHaveBeenCalled()
  })

  it('does not send what is too long, and counts', async () => {
    const { wrapper, send } = await field()
    const area = wrapper.get('textarea')
    await area.setValue('😀'.repeat(10_001))
    await area.trigger('keydown', { key: 'Enter' })
    expect(send).not.toHaveBeenCalled()
    expect(wrapper.get('.left').text()).toBe('1 character too many')
    await area.setValue('😀'.repeat(9_999))
    expect(wrapper.get('.left').text()).toBe('1 character left')
    await area.setValue('😀'.repeat(10_000))
    await area.trigger('keydown', { key: 'Enter' })
    expect(send).toHaveBeenCalledOnce()
  })

  it('gives way to the reason why one cannot write', async () => {
    for (const [more, words] of [
      [{ thread: { locked_at: at } }, 'This thread is locked'],
      [{ thread: { archived_at: at } }, 'This thread is archived'],
      [{ group: { archived_at: at } }, 'This class is archived'],
    ] as const) {
      const { wrapper } = await field(more)
      expect(wrapper.find('textarea').exists()).toBe(false)
      expect(wrapper.text()).toContain(words)
    }
  })

  it('stays for staff in a locked thread', async () => {
    const { wrapper } = await field({ group: { role: 'teacher' }, thread: { locked_at: at } })
    expect(wrapper.find('textarea').exists()).toBe(true)
  })

  it('begins with the draft of its thread', async () => {
    setActivePinia(createPinia())
    useSession().user = bob
    useDrafts().set(7, 'half a thought')
    localStorage.setItem('homeroom.draft.0.7', 'half a thought')
    const { wrapper } = await stage(MessageComposer, { classId: 1, threadId: 7, name: 'Homework' })
    expect(wrapper.get('textarea').element.value).toBe('half a thought')
  })

  it('says who is typing', async () => {
    const { wrapper, presence } = await field()
    presence.told({ op: 'typing', class_id: 1, thread_id: 7, user_id: 5, name: 'Cai' })
    await flushPromises()
    expect(wrapper.text()).toContain('Cai is typing…')
    presence.told({ op: 'typing', class_id: 1, thread_id: 7, user_id: 6, name: 'Dan' })
    await flushPromises()
    expect(wrapper.text()).toContain('Cai and Dan are typing…')
    presence.stopped(7, 5)
    presence.told({ op: 'typing', class_id: 1, thread_id: 7, user_id: 2, name: 'Bob' })
    await flushPromises()
    expect(wrapper.text()).toContain('Dan is typing…')
  })
})

describe('a message that was not sent', () => {
  const entry = { order: 1, user_id: 2, class_id: 1, thread_id: 7, client_id: 'c', content: 'hello', written_at: at, state: 'failed' as const, code: 122 }
  const row = { kind: 'entry' as const, key: 'c', head: true, day: false, fresh: false, entry }

  it('says why, and can be sent again or discarded', async () => {
    const { wrapper } = await stage(EntryRow, { row, tabindex: 0 })
    seat()
    const outbox = useOutbox()
    const retry = vi.spyOn(outbox, 'retry').mockResolvedValue()
    const discard = vi.spyOn(outbox, 'discard').mockResolvedValue()
    await flushPromises()
    expect(wrapper.text()).toContain('Not sent. This thread is locked. Only teachers can write')
    const [again, away] = wrapper.findAll('.failed button')
    await again?.trigger('click')
    await away?.trigger('click')
    expect(retry).toHaveBeenCalledWith(entry)
    expect(discard).toHaveBeenCalledWith(entry)
  })

  it('is offered without its files where they are gone, and can only be discarded where it has no words', async () => {
    for (const [content, names] of [
      ['hello', ['Send without files', 'Discard']],
      ['', ['Discard']],
    ] as const) {
      const lost = { ...entry, content, code: 126, files: [file(3)] }
      const { wrapper } = await stage(EntryRow, { row: { ...row, entry: lost }, tabindex: 0 })
      seat()
      const outbox = useOutbox()
      const sendWords = vi.spyOn(outbox, 'sendWords').mockResolvedValue()
      await flushPromises()
      expect(wrapper.text()).toContain('Not sent. A file of this message is not there any more')
      const buttons = wrapper.findAll('.failed button')
      expect(buttons.map((one) => one.text())).toEqual(names)
      await buttons[0]?.trigger('click')
      expect(sendWords.mock.calls).toEqual(content ? [[lost]] : [])
    }
  })

  it('shows a clock and no reason while it waits', async () => {
    const { wrapper } = await stage(EntryRow, { row: { ...row, entry: { ...entry, state: 'waiting', code: undefined } }, tabindex: 0 })
    expect(wrapper.find('[aria-label="Sending"]').exists()).toBe(true)
    expect(wrapper.text()).not.toContain('Not sent')
  })
})

describe('the text of a message', () => {
  it('shows plain words at once and Markdown when its renderer is here', async () => {
    const plain = await stage(MessageBody, { text: 'one\ntwo\n\nthree' })
    expect(plain.wrapper.findAll('p').map((one) => one.html())).toHaveLength(2)
    expect(plain.wrapper.find('br').exists()).toBe(true)
    const rich = await stage(MessageBody, { text: '**bold** <img src=x onerror=alert(1)>' })
    await vi.waitFor(() => expect(rich.wrapper.find('strong').exists()).toBe(true))
    expect(rich.wrapper.find('img').exists()).toBe(false)
    expect(rich.wrapper.text()).toContain('<img src=x onerror=alert(1)>')
  })
})

describe('reactions', () => {
  it('say how many, who, and whether one is among them', async () => {
    const { wrapper } = await stage(ReactionPills, { message: message(1, 10, { reactions: [{ emoji: '👍', user_ids: [2, 9] }] }), may: true, me: 2 })
    const pill = wrapper.get('button')
    expect(pill.attributes('aria-pressed')).toBe('true')
    expect(pill.attributes('aria-label')).toBe('👍 2: you and Somebody')
  })
  it('cannot be changed where one cannot write', async () => {
    const { wrapper } = await stage(ReactionPills, { message: message(1, 10, { reactions: [{ emoji: '👍', user_ids: [9] }] }), may: false, me: 2 })
    expect(wrapper.get('button').attributes('disabled')).toBeDefined()
  })
})

describe('a count of unread messages', () => {
  it.each([
    [0, ''],
    [1, '1 unread message'],
    [7, '7 unread messages'],
    [250, '250 unread messages'],
  ])('%i is read aloud as “%s”', async (count, words) => {
    const { wrapper } = await stage(CountBadge, { count })
    expect(wrapper.find('.unseen').exists() ? wrapper.get('.unseen').text() : '').toBe(words)
  })
})

describe('a dialog that asks for a name', () => {
  it('stays open with the reason when the server refuses', async () => {
    const run = vi.fn().mockRejectedValueOnce(new Fault({ code: 127 })).mockResolvedValueOnce(undefined)
    const close = vi.fn()
    await stage(NameDialog, { title: 'New thread', label: 'Name', action: 'Create', run, onClose: close })
    const field = document.querySelector('input')
    if (!field) throw new Error('no field')
    field.value = ' Homework '
    field.dispatchEvent(new Event('input'))
    document.querySelector('form')?.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(run).toHaveBeenCalledWith('Homework')
    expect(document.querySelector('[role="alert"]')?.textContent).toBe('This already exists. Choose another name')
    expect(close).not.toHaveBeenCalled()
    document.querySelector('form')?.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(close).toHaveBeenCalledOnce()
  })
})

describe('the picker of emoji', () => {
  it('leaves to its field the keys of the caret and of the input method', async () => {
    vi.stubGlobal('ResizeObserver', class { observe() {} unobserve() {} disconnect() {} })
    let picked: string[] = []
    const { wrapper } = await stage(EmojiPicker, { onPick: (emoji: string) => picked.push(emoji) })
    const field = wrapper.get('input')
    await field.setValue('thumbs up')
    await vi.waitFor(async () => {
      await field.trigger('keydown', { key: 'Enter' })
      expect(picked).not.toEqual([])
    }, 5000)
    picked = []
    const keeps = (key: string, more = {}) => field.element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
    expect(keeps('ArrowLeft')).toBe(true)
    expect(keeps('ArrowRight')).toBe(true)
    expect(keeps('ArrowDown', { isComposing: true })).toBe(true)
    expect(keeps('ArrowDown'), 'down goes to the grid').toBe(false)
    keeps('Enter', { isComposing: true })
    await flushPromises()
    expect(picked).toEqual([])
  })
})

describe('rows on their way to the list', () => {
  const row = (id: number): Row => ({ kind: 'message', key: `m${id}`, message: message(id, id * 10), head: true, day: false, fresh: false })
  const keys = (list: Row[]) => list.map((one) => one.key)

  it('come in above with the place kept, and below without, never both at once', async () => {
    const layout = ref<Row[]>([row(3), row(4)])
    const appended: number[] = []
    const { shown, shift } = useAnchoredRows(layout, (count) => appended.push(count))
    expect(keys(shown.value)).toEqual(['m3', 'm4'])
    const steps: [string[], boolean][] = []
    layout.value = [row(1), row(2), row(3), row(4), row(5)]
    for (let n = 0; n < 12; n++) {
      await Promise.resolve()
      const step: [string[], boolean] = [keys(shown.value), shift.value]
      if (JSON.stringify(step) !== JSON.stringify(steps.at(-1))) steps.push(step)
    }
    expect(steps).toContainEqual([['m1', 'm2', 'm3', 'm4'], true])
    expect(steps).not.toContainEqual([['m1', 'm2', 'm3', 'm4', 'm5'], true])
    expect(steps.at(-1)).toEqual([['m1', 'm2', 'm3', 'm4', 'm5'], false])
    expect(appended.at(-1)).toBe(1)
  })
})
