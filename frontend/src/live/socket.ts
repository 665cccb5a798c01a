import { waitAfter } from './backoff'
import { isAnswer, parse, type Answer, type ClientFrame, type EventFrame, type Saying, type ServerFrame, type Telling } from './frames'
import * as seq from './sequence'

export type State = 'idle' | 'connecting' | 'live' | 'waiting' | 'ended'

/** What the socket tells. Events come in order and once; the rest as it comes. */
export interface Listener {
  state(state: State): void
  /** The connection is up, and everything missed follows as events. */
  hello(hello: Answer): void
  event(event: EventFrame): void
  telling(frame: Telling): void
  /** An event of a class not begun yet: find out about it, then begin it. */
  stranger(classId: number): void
  /** Too much was missed: what is known of the class is void, fetch it again. */
  resync(classId: number): void
  closed(code: number, attempt: number): void
}

/** What the socket needs of the world; tests bring their own. */
export interface World {
  open(): WebSocket
  random(): number
}

/**
 * After so long a silence the server is asked whether it is there: its pings are
 * not told to a page. With answerPatience a dead link is noticed within 35 s.
 */
const silence = 24_000
const gapPatience = 150
const answerPatience = 10_000
const helloPatience = 10_000

interface Question {
  resolve(answer: Answer): void
  reject(reason: Error): void
  timer: ReturnType<typeof setTimeout>
}

/** The one connection: it opens, listens, notices what is missing, and comes back. */
export class Live {
  private socket: WebSocket | undefined
  private sequence = seq.nothing
  private state: State = 'idle'
  private attempt = 0
  private refs = 0
  private readonly questions = new Map<string, Question>()
  private gapTimer: ReturnType<typeof setTimeout> | undefined
  private silenceTimer: ReturnType<typeof setTimeout> | undefined
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private greeting = false
  private greetAgain = false

  constructor(
    private readonly listener: Listener,
    private readonly world: World,
  ) {}

  get now(): State {
    return this.state
  }

  /** The last number applied, by class. */
  get heads(): ReadonlyMap<number, number> {
    return this.sequence.heads
  }

  connect(): void {
    clearTimeout(this.retryTimer)
    if (this.socket) return
    this.become('connecting')
    let socket: WebSocket
    try {
      socket = this.world.open()
    } catch {
      this.lost(1006)
      return
    }
    this.socket = socket
    this.silenceTimer = setTimeout(() => this.renew(), helloPatience)
    socket.onopen = () => this.greet()
    socket.onmessage = (message: MessageEvent<unknown>) => {
      if (this.socket === socket && typeof message.data === 'string') this.hear(message.data)
    }
    socket.onclose = (close) => {
      if (this.socket === socket) this.lost(close.code)
    }
  }

  /** Tries at once instead of waiting: the network is back, or the reader is. */
  hurry(): void {
    if (this.state === 'waiting') {
      this.attempt = 0
      this.connect()
    }
  }

  /** Drops a connection that may be dead and opens another. */
  renew(): void {
    if (this.socket) this.lost(4001)
  }

  end(): void {
    clearTimeout(this.retryTimer)
    this.shut()
    this.sequence = seq.nothing
    this.attempt = 0
    this.become('idle')
  }

  /** The class is known up to `head`; what came early is applied now. */
  begin(classId: number, head: number): void {
    this.take(seq.begin(this.sequence, classId, head))
  }

  /** The class was fetched again: only `head` counts. */
  restart(classId: number, head: number): void {
    this.take(seq.restart(this.sequence, classId, head))
  }

  forget(classId: number): void {
    this.sequence = seq.forget(this.sequence, classId)
  }

  /** Asks for whatever is missing; for a class that was begun while its events ran. */
  catchUp(): void {
    if (this.state === 'live') this.greet()
  }

  /** Says something and gives its answer; rejects when the connection is lost first. */
  ask(saying: Saying): Promise<Answer> {
    const ref = String(++this.refs)
    return new Promise((resolve, reject) => {
      if (!this.put({ ...saying, ref } as ClientFrame)) {
        reject(new Error('not connected'))
        return
      }
      const timer = setTimeout(() => {
        this.questions.delete(ref)
        reject(new Error('no answer'))
        // Whoever does not answer a question does not live.
        this.renew()
      }, answerPatience)
      this.questions.set(ref, { resolve, reject, timer })
    })
  }

  /** Says something whose loss does not matter. */
  tell(saying: Saying): void {
    if (this.state === 'live') this.put({ ...saying, ref: String(++this.refs) } as ClientFrame)
  }

  private put(frame: ClientFrame): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false
    this.socket.send(JSON.stringify(frame))
    return true
  }

  private greet(): void {
    clearTimeout(this.gapTimer)
    this.gapTimer = undefined
    if (this.greeting) {
      this.greetAgain = true
      return
    }
    this.greeting = true
    const since = Object.fromEntries([...this.sequence.heads].map(([classId, head]) => [String(classId), head]))
    // Its answer is heard in answered(), before whatever follows it.
    this.ask({ action: 'hello', since }).catch(() => {})
  }

  private hear(text: string): void {
    clearTimeout(this.silenceTimer)
    this.silenceTimer = setTimeout(() => this.askForLife(), silence)
    const frame = parse(text)
    if (!frame) return
    if (isAnswer(frame)) this.answered(frame)
    else this.heard(frame)
  }

  private answered(answer: Answer): void {
    const question = answer.ref === undefined ? undefined : this.questions.get(answer.ref)
    if (question && answer.ref !== undefined) {
      clearTimeout(question.timer)
      this.questions.delete(answer.ref)
      question.resolve(answer)
    }
    if (answer.op !== 'hello') return
    this.greeting = false
    if (!answer.status) {
      this.renew()
      return
    }
    this.attempt = 0
    this.become('live')
    this.listener.hello(answer)
    if (this.greetAgain) this.missing()
    this.greetAgain = false
  }

  private heard(frame: Exclude<ServerFrame, Answer>): void {
    switch (frame.op) {
      case 'event':
        this.take(seq.receive(this.sequence, frame), frame.class_id)
        return
      case 'keep':
        this.compare(frame.heads ?? {})
        return
      case 'resync':
        this.listener.resync(frame.class_id)
        return
      case 'typing':
      case 'presence':
      case 'online':
      case 'read':
      case 'push':
      case 'reports':
        this.listener.telling(frame)
        return
      default:
        // A newer server may say more than this page understands.
        frame satisfies never
    }
  }

  private compare(heads: Record<string, number>): void {
    const theirs = new Map(Object.entries(heads).map(([classId, head]) => [Number(classId), head]))
    for (const classId of theirs.keys()) {
      if (!this.sequence.heads.has(classId)) this.listener.stranger(classId)
    }
    if (seq.behind(this.sequence, theirs).length) this.missing()
  }

  private take(step: seq.Step, classId?: number): void {
    this.sequence = step.sequence
    for (const event of step.deliver) this.listener.event(event)
    if (step.stranger && classId !== undefined) this.listener.stranger(classId)
    if (step.gap) this.missing()
    else if (this.sequence.early.size === 0) {
      clearTimeout(this.gapTimer)
      this.gapTimer = undefined
    }
  }

  private missing(): void {
    this.gapTimer ??= setTimeout(() => {
      this.gapTimer = undefined
      if (this.state === 'live') this.greet()
    }, gapPatience)
  }

  private askForLife(): void {
    this.ask({ action: 'keep' }).then(
      (answer) => this.compare(answer.heads ?? {}),
      () => {}, // who does not answer has been left already
    )
  }

  private shut(): void {
    clearTimeout(this.silenceTimer)
    clearTimeout(this.gapTimer)
    this.gapTimer = undefined
    this.greeting = this.greetAgain = false
    const socket = this.socket
    this.socket = undefined
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    }
    for (const question of this.questions.values()) {
      clearTimeout(question.timer)
      question.reject(new Error('connection lost'))
    }
    this.questions.clear()
  }

  private lost(code: number): void {
    this.shut()
    const wait = waitAfter(code, this.attempt, this.world.random())
    this.attempt++
    if (wait === undefined) this.become('ended')
    else {
      this.become('waiting')
      clearTimeout(this.retryTimer)
      this.retryTimer = setTimeout(() => this.connect(), wait)
    }
    this.listener.closed(code, this.attempt)
  }

  private become(state: State): void {
    if (this.state === state) return
    this.state = state
    this.listener.state(state)
  }
}
