import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref, type Ref } from 'vue'
import type { Class, ClassFile, Thread, User } from '@/api/nouns'
import ComposerFiles from '@/components/conversation/ComposerFiles.vue'
import MessageComposer from '@/components/conversation/MessageComposer.vue'
import MessageFiles from '@/components/conversation/MessageFiles.vue'
import PictureDialog from '@/components/overlay/PictureDialog.vue'
import { useDropped } from '@/composables/useDropped'
import { useGist } from '@/composables/useGist'
import { Disk } from '@/outbox/shelf'
import { useClasses } from '@/stores/classes'
import { useConnection } from '@/stores/connection'
import { useDrafts } from '@/stores/drafts'
import { useOutbox } from '@/stores/outbox'
import { useOverlay } from '@/stores/overlay'
import { tellPages } from '@/stores/pages'
import { useSession } from '@/stores/session'
import { useThreads } from '@/stores/threads'
import { useUploads } from '@/stores/uploads'
import { file, message, picture } from './server'
import { stage as mountStage } from './stage'

const at = '2026-03-02T09:00:00.000Z'
const bob: User = { id: 2, name: 'Bob', role: 'student', hue: 3, locale: '', created_at: at }
const group: Class = { id: 1, name: 'Physics', description: '', hue: 1, students_open_threads: false, students_see_presence: false, seq: 1, created_by: 1, created_at: at, role: 'student' }
const thread: Thread = { id: 7, class_id: 1, name: 'Homework', created_by: 1, created_at: at, last_seq: 0 }

/** A server that takes files, and refuses what a test wants refused. */
class Depot {
  readonly files = new Map<number, ClassFile>()
  readonly removed: number[] = []
  refuse: (method: string, path: string) => { code: number; status: number } | undefined = () => undefined
  offline = false

  readonly fetch = async (request: Request): Promise<Response> => {
    if (this.offline) throw new TypeError('Failed to fetch')
    const url = new URL(request.url)
    const refusal = this.refuse(request.method, url.pathname)
    if (refusal) return this.problem(refusal.code, refusal.status)
    const id = Number(/files\/(\d+)/.exec(url.pathname)?.[1])
    if (request.method === 'POST') {
      const { name, size } = (await request.json()) as { name: string; size: number }
      const one = file(this.files.size + 1, { name, size, received: 0, ready: false, media_type: name.endsWith('.png') ? 'image/png' : 'application/pdf' })
      this.files.set(one.id, one)
      return Response.json(one, { status: 201 })
    }
    const one = this.files.get(id)
    if (!one) return this.problem(126, 404)
    if (request.method === 'DELETE') {
      this.removed.push(id)
      this.files.delete(id)
      return new Response(null, { status: 204 })
    }
    if (request.method === 'PUT') {
      one.received += (await request.arrayBuffer()).byteLength
      one.ready = one.received === one.size
    }
    return Response.json(one)
  }

  private problem(code: number, status: number): Response {
    return Response.json({ code, status, title: 'refused' }, { status, headers: { 'Content-Type': 'application/problem+json' } })
  }
}

const standing: { unmount(): void }[] = []
const stage: typeof mountStage = async (...parts) => {
  const staged = await mountStage(...parts)
  standing.push(staged.wrapper)
  return staged
}

let depot: Depot
beforeEach(() => {
  depot = new Depot()
  vi.stubGlobal('fetch', depot.fetch)
  URL.createObjectURL = () => 'blob:here'
  URL.revokeObjectURL = () => {}
})
afterEach(() => {
  for (const wrapper of standing.splice(0)) wrapper.unmount()
  useUploads().clear()
  document.body.replaceChildren()
  localStorage.clear()
  vi.unstubAllGlobals()
})

const made = (name: string, size = 10, type = 'application/pdf') => new File([new Uint8Array(size)], name, { type })
const states = (threadId = 7) => useUploads().of(threadId).map((one) => one.state)

describe('what is attached', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    useSession().user = bob
  })

  it('is brought in parts, is ready, and is the draft of its thread until it is sent', async () => {
    const uploads = useUploads()
    expect(uploads.add(1, 7, [made('a.pdf', 600_000), made('b.pdf')])).toBe(0)
    uploads.add(1, 8, [made('c.pdf')])
    await vi.waitFor(() => expect([states(7), states(8)]).toEqual([['ready', 'ready'], ['ready']]))
    expect(depot.files.get(1)).toMatchObject({ name: 'a.pdf', size: 600_000, received: 600_000 })
    expect(useDrafts().files(7).map((one) => one.name)).toEqual(['a.pdf', 'b.pdf'])
    expect(uploads.take(7).map((one) => one.name)).toEqual(['a.pdf', 'b.pdf'])
    expect(useDrafts().files(7)).toEqual([])
    expect(useDrafts().files(8)).toHaveLength(1)
  })

  it('is at most ten', () => {
    const uploads = useUploads()
    expect(uploads.add(1, 7, Array.from({ length: 8 }, (_, n) => made(`${n}.pdf`)))).toBe(0)
    expect(uploads.add(1, 7, Array.from({ length: 5 }, (_, n) => made(`more ${n}.pdf`)))).toBe(3)
    expect(uploads.of(7)).toHaveLength(10)
  })

  it('says why it was refused, can be tried again, and blocks nothing else', async () => {
    const uploads = useUploads()
    depot.refuse = (method) => (method === 'PUT' ? { code: 135, status: 415 } : undefined)
    uploads.add(1, 7, [made('a.exe')])
    await vi.waitFor(() => expect(states()).toEqual(['refused']))
    expect(uploads.of(7)[0]?.fault?.code).toBe(135)
    expect(uploads.take(7)).toEqual([])
    uploads.add(1, 7, [made('b.exe')])
    await vi.waitFor(() => expect(states()).toEqual(['refused']))
    depot.refuse = () => undefined
    uploads.retry(7, uploads.of(7)[0]?.key ?? 0)
    await vi.waitFor(() => expect(states()).toEqual(['ready']))
  })

  it('goes on by itself when the network is back', async () => {
    const uploads = useUploads()
    depot.offline = true
    uploads.add(1, 7, [made('a.pdf', 300_000)])
    await vi.waitFor(() => expect(states()).toEqual(['held']))
    depot.offline = false
    window.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect(states()).toEqual(['ready']))
  })

  it('is taken back from the server when it is removed, also half way', async () => {
    const uploads = useUploads()
    uploads.add(1, 7, [made('a.pdf')])
    await vi.waitFor(() => expect(states()).toEqual(['ready']))
    uploads.remove(7, uploads.of(7)[0]?.key ?? 0)
    await vi.waitFor(() => expect(depot.removed).toEqual([1]))
    depot.refuse = (method) => (method === 'PUT' ? { code: 140, status: 503 } : undefined)
    uploads.add(1, 7, [made('b.pdf')])
    await vi.waitFor(() => expect(states()).toEqual(['held']))
    uploads.remove(7, uploads.of(7)[0]?.key ?? 0)
    await vi.waitFor(() => expect(depot.removed).toHaveLength(2))
    expect(uploads.of(7)).toEqual([])
  })

  it('is there after a reload, and says so where the server has let it go', async () => {
    useDrafts().setFiles(7, [file(1), file(2)])
    depot.files.set(1, file(1))
    const uploads = useUploads()
    uploads.restore(7)
    expect(states()).toEqual(['ready', 'ready'])
    await vi.waitFor(() => expect(states()).toEqual(['ready', 'refused']))
    expect(useDrafts().files(7).map((one) => one.id)).toEqual([1])
  })

  it('is no draft any more where another tab has sent it', async () => {
    useDrafts().setFiles(7, [file(1)])
    depot.files.set(1, file(1, { message_id: 5, thread_id: 7 }))
    useUploads().restore(7)
    await vi.waitFor(() => expect(states()).toEqual([]))
  })

  it('is no draft any more when another tab sends it just now', async () => {
    useDrafts().setFiles(7, [file(1), file(2)])
    for (const id of [1, 2]) depot.files.set(id, file(id))
    useUploads().restore(7)
    tellPages({ op: 'event', class_id: 1, seq: 3, at, type: 'message.created', data: message(5, 3, { files: [file(1, { message_id: 5 })] }) })
    expect(useUploads().of(7).map((one) => one.file?.id)).toEqual([2])
  })

  it('is nobody else’s: signing out leaves none of it', async () => {
    useDrafts().setFiles(7, [file(1, { name: 'secret.pdf' })])
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
    await useSession().signOut()
    expect(JSON.stringify(localStorage)).not.toContain('secret')
  })
})

describe('the outbox', () => {
  it('keeps the files of a message with it, and names them when it sends', async () => {
    setActivePinia(createPinia())
    useSession().user = bob
    const outbox = useOutbox()
    const ask = vi.spyOn(useConnection(), 'ask').mockRejectedValue(new Error('offline'))
    await outbox.start(bob.id)
    await outbox.send(1, 7, '', undefined, [file(3), picture(4)])
    expect(outbox.of(7)).toMatchObject([{ content: '', files: [{ id: 3 }, { id: 4 }] }])
    expect((await new Disk().all(bob.id)).at(-1)?.files).toHaveLength(2)
    useConnection().state = 'live'
    outbox.drain()
    await vi.waitFor(() => expect(ask).toHaveBeenCalledWith(expect.objectContaining({ action: 'send', content: '', files: [3, 4] })))
    ask.mockResolvedValue({ op: 'send', status: true, code: 105 })
    outbox.drain()
    await vi.waitFor(() => expect(outbox.of(7)).toEqual([]))
    outbox.stop()
  })

  it('sends the words of a message whose files are gone once, without them and under an id of their own', async () => {
    setActivePinia(createPinia())
    useSession().user = bob
    const outbox = useOutbox()
    const ask = vi.spyOn(useConnection(), 'ask').mockImplementation(async (frame) => {
      const refused = 'files' in frame && frame.files?.length
      return { op: 'send', status: !refused, code: refused ? 126 : 105 }
    })
    await outbox.start(bob.id)
    useConnection().state = 'live'
    await outbox.send(1, 7, 'see these', 5, [file(3), picture(4)])
    await vi.waitFor(() => expect(outbox.of(7)).toMatchObject([{ state: 'failed', code: 126 }]))
    const lost = outbox.of(7)[0]
    if (!lost) throw new Error('nothing kept')
    // Clicked twice, as by two tabs that both show it.
    await Promise.all([outbox.sendWords(lost), outbox.sendWords(lost)])
    await vi.waitFor(() => expect(outbox.of(7)).toEqual([]))
    expect(await new Disk().all(bob.id)).toEqual([])
    const later = ask.mock.calls.slice(1).map(([frame]) => frame)
    expect(later[0]).toMatchObject({ action: 'send', class_id: 1, thread_id: 7, content: 'see these', reply_to: 5, files: undefined })
    // However often it went out, the server knows it by one id, and not by the old one.
    const ids = new Set(later.map((frame) => 'client_id' in frame && frame.client_id))
    expect(ids.size).toBe(1)
    expect(ids.has(lost.client_id)).toBe(false)
    outbox.stop()
  })
})

describe('the field', () => {
  async function field(more: { thread?: Partial<Thread> } = {}) {
    const { wrapper } = await stage(MessageComposer, { classId: 1, threadId: 7, name: 'Homework' })
    useSession().user = bob
    useClasses().restore([group])
    useThreads().restore(1, [{ ...thread, ...more.thread }])
    const send = vi.spyOn(useOutbox(), 'send').mockResolvedValue()
    await flushPromises()
    return { wrapper, send }
  }
  async function pick(wrapper: Awaited<ReturnType<typeof field>>['wrapper'], ...files: File[]) {
    const input = wrapper.get<HTMLInputElement>('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: files, configurable: true })
    Object.defineProperty(input.element, 'value', { value: '', writable: true, configurable: true })
    await input.trigger('change')
  }

  it('sends files without a word, once all are ready, and says until then why it waits', async () => {
    const { wrapper, send } = await field()
    let go: () => void = () => {}
    const gate = new Promise<void>((resolve) => (go = resolve))
    vi.stubGlobal('fetch', async (request: Request) => {
      if (request.method === 'PUT') await gate
      return depot.fetch(request)
    })
    await pick(wrapper, made('a.pdf'))
    await vi.waitFor(() => expect(wrapper.find('.chip').exists()).toBe(true))
    const button = wrapper.get('button.send')
    expect(button.attributes('aria-label')).toBe('Sending is possible once 1 file is ready')
    expect(button.attributes('aria-disabled')).toBe('true')
    await wrapper.get('textarea').trigger('keydown', { key: 'Enter' })
    expect(send).not.toHaveBeenCalled()
    go()
    await vi.waitFor(() => expect(wrapper.get('button.send').attributes('aria-label')).toBe('Send'))
    await wrapper.get('textarea').trigger('keydown', { key: 'Enter' })
    expect(send).toHaveBeenCalledWith(1, 7, '', undefined, [expect.objectContaining({ id: 1, name: 'a.pdf' })])
    expect(wrapper.find('.chip').exists()).toBe(false)
  })

  it('takes a pasted picture, and the words of what was copied out of a document', async () => {
    const { wrapper } = await field()
    const paste = (types: string[]) => {
      const event = new Event('paste', { bubbles: true, cancelable: true })
      Object.assign(event, { clipboardData: { files: [made('image.png', 10, 'image/png')], types } })
      wrapper.get('textarea').element.dispatchEvent(event)
      return event.defaultPrevented
    }
    expect(paste(['text/plain', 'text/html', 'Files'])).toBe(false)
    expect(paste(['text/html', 'Files'])).toBe(true)
    await vi.waitFor(() => expect(states()).toEqual(['ready']))
  })

  it('takes none from who may not write', async () => {
    const { wrapper } = await field({ thread: { locked_at: at } })
    expect(wrapper.find('input[type=file]').exists()).toBe(false)
    const composer = wrapper.findComponent(MessageComposer).vm as unknown as { attach(files: File[]): Promise<void> }
    await composer.attach([made('a.pdf')])
    expect(depot.files.size).toBe(0)
  })
})

describe('files that are dragged', () => {
  afterEach(() => vi.useRealTimers())

  it('are taken where they are dropped on the conversation, and nowhere take the place of the page', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const pane = document.createElement('main')
    const aside = document.createElement('nav')
    document.body.append(pane, aside)
    const taken: string[] = []
    let may = true
    let over: Ref<boolean> = ref(false)
    await stage({
      setup() {
        over = useDropped(ref(pane), () => may, (files) => taken.push(...files.map((one) => one.name)))
        return () => undefined
      },
    })
    const drag = (type: string, target: Element, types = ['Files']) => {
      const event = new Event(type, { bubbles: true, cancelable: true })
      Object.assign(event, { dataTransfer: { types, files: [made('a.pdf')], dropEffect: '' }, relatedTarget: undefined })
      target.dispatchEvent(event)
      return event.defaultPrevented
    }
    expect(drag('dragover', pane, ['text/plain'])).toBe(false)
    expect(drag('dragover', pane)).toBe(true)
    expect(over.value).toBe(true)
    // A browser that does not say where to: the next dragover comes soon.
    drag('dragleave', pane)
    drag('dragover', pane)
    vi.advanceTimersByTime(200)
    expect(over.value).toBe(true)
    drag('dragleave', pane)
    vi.advanceTimersByTime(200)
    expect(over.value).toBe(false)
    expect(drag('drop', aside)).toBe(true)
    expect(taken).toEqual([])
    drag('drop', pane)
    expect(taken).toEqual(['a.pdf'])
    may = false
    drag('dragover', pane)
    expect(over.value).toBe(false)
    expect(drag('drop', pane)).toBe(true)
    expect(taken).toEqual(['a.pdf'])
  })
})

describe('the chips', () => {
  it('name each file, say why one was refused, and what is done with it', async () => {
    const { wrapper } = await stage(ComposerFiles, { threadId: 7 })
    useSession().user = bob
    const uploads = useUploads()
    depot.refuse = (_method, path) => (path.endsWith('/1/content') ? { code: 135, status: 415 } : path.endsWith('/2/content') ? { code: 121, status: 403 } : undefined)
    uploads.add(1, 7, [made('a.exe')])
    await vi.waitFor(() => expect(states()).toEqual(['refused']))
    uploads.add(1, 7, [made('b.pdf')])
    await vi.waitFor(() => expect(states()).toEqual(['refused', 'refused']))
    await flushPromises()
    expect(wrapper.get('[data-file]').text()).toContain('This kind of file is not accepted')
    const names = wrapper.findAll('button').map((one) => one.attributes('aria-label'))
    // What the same again will not change is not tried again.
    expect(names).toEqual(['Remove a.exe', 'Try b.pdf again', 'Remove b.pdf'])
    expect(wrapper.get('[role=status]').text()).toContain('b.pdf')
    await wrapper.get('[aria-label="Remove a.exe"]').trigger('click')
    expect(uploads.of(7)).toHaveLength(1)
  })
})

describe('the files of a message', () => {
  it('are pictures in a room that is known before, and cards with a name, a size and a link', async () => {
    const { wrapper } = await stage(MessageFiles, { files: [picture(1, { width: 800, height: 600 }), file(2, { size: 2_500_000 })] })
    const image = wrapper.get('img')
    expect(image.attributes()).toMatchObject({ alt: 'photo 1.jpg', src: '/api/v1/classes/1/files/1/preview' })
    expect(wrapper.get<HTMLElement>('.alone').element.style.inlineSize || wrapper.get('.alone').attributes('style')).toContain('400px')
    const card = wrapper.get('a.card')
    expect(card.attributes()).toMatchObject({ href: '/api/v1/classes/1/files/2/content', download: 'sheet 2.pdf', 'aria-label': 'Download sheet 2.pdf, 2.5 MB' })
    await wrapper.get('.alone').trigger('click')
    expect(useOverlay().shown).toMatchObject({ kind: 'picture', first: 0, files: [{ id: 1 }] })
  })

  it('say so where a picture cannot be had', async () => {
    const { wrapper } = await stage(MessageFiles, { files: [picture(1)] })
    await wrapper.get('img').trigger('error')
    expect(wrapper.get('[role=img]').attributes('aria-label')).toBe('photo 1.jpg cannot be shown')
    window.dispatchEvent(new Event('online'))
    await flushPromises()
    expect(wrapper.find('img').exists()).toBe(true)
  })

  it('open in a dialog that turns over with the arrows', async () => {
    await stage(PictureDialog, { files: [picture(1), picture(2), picture(3)], first: 1 })
    await flushPromises()
    const dialog = document.querySelector('.picture-dialog') as HTMLElement
    const shown = () => dialog.querySelector('img')?.alt
    expect(shown()).toBe('photo 2.jpg')
    dialog.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
    await flushPromises()
    expect(shown()).toBe('photo 3.jpg')
    dialog.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
    await flushPromises()
    expect(shown()).toBe('photo 1.jpg')
    expect(dialog.textContent).toContain('1 of 3')
    expect(dialog.querySelector('a')?.getAttribute('href')).toBe('/api/v1/classes/1/files/1/content')
  })
})

it('a message of files alone is known by them', async () => {
  let gist: ReturnType<typeof useGist> = () => ''
  await stage({
    setup() {
      gist = useGist()
      return () => undefined
    },
  })
  expect(gist({ content: '', files: [picture(1)] })).toBe('Photo')
  expect(gist({ content: '', files: [picture(1), picture(2)] })).toBe('2 photos')
  expect(gist({ content: '', files: [file(1)] })).toBe('sheet 1.pdf')
  expect(gist({ content: '', files: [file(1), picture(2)] })).toBe('sheet 1.pdf and 1 more')
  expect(gist({ content: 'See **this**', files: [file(1)] })).toBe('See this')
})
