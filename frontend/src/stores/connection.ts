import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Answer, Saying } from '@/live/frames'
import { Live, type Listener, type State } from '@/live/socket'

function open(): WebSocket {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
  return new WebSocket(`${scheme}//${location.host}/ws`, 'homeroom.v2')
}

// A connection that is back within this long was never gone for the reader.
const quiet = 1200

/** The live connection as the pages see it. */
export const useConnection = defineStore('connection', () => {
  const state = ref<State>('idle')
  const online = ref(navigator.onLine)
  /** The code of the close that ended it for good. */
  const endedBy = ref<number>()
  const noticed = ref(false)
  let live: Live | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  /** What the bar says; nothing while all is well. */
  const trouble = computed<'connecting' | 'offline' | 'ended' | undefined>(() => {
    if (state.value === 'ended') return 'ended'
    if (state.value === 'live' || state.value === 'idle' || !noticed.value) return undefined
    return online.value ? 'connecting' : 'offline'
  })

  function changed(next: State): void {
    state.value = next
    clearTimeout(timer)
    if (next === 'live' || next === 'idle') noticed.value = false
    else if (!noticed.value) timer = setTimeout(() => (noticed.value = true), online.value ? quiet : 0)
  }

  function start(listener: Omit<Listener, 'state'>): Live {
    stop()
    endedBy.value = undefined
    live = new Live(
      {
        ...listener,
        state: changed,
        closed(code, attempt) {
          if (state.value === 'ended') endedBy.value = code
          listener.closed(code, attempt)
        },
      },
      { open, random: Math.random },
    )
    window.addEventListener('online', cameBack)
    window.addEventListener('offline', wentAway)
    document.addEventListener('visibilitychange', looked)
    return live
  }

  function stop(): void {
    window.removeEventListener('online', cameBack)
    window.removeEventListener('offline', wentAway)
    document.removeEventListener('visibilitychange', looked)
    live?.end()
    live = undefined
  }

  function cameBack(): void {
    online.value = true
    live?.hurry()
  }

  function wentAway(): void {
    online.value = false
    // The browser may keep a dead socket for minutes. A server on this very
    // machine is found again by the next try.
    live?.renew()
  }

  function looked(): void {
    if (document.visibilityState === 'visible') live?.hurry()
  }

  // A socket that is open and not yet live may be for another user: hello tells.
  function ask(saying: Saying): Promise<Answer> {
    return live && state.value === 'live' ? live.ask(saying) : Promise.reject(new Error('not connected'))
  }

  function tell(saying: Saying): void {
    live?.tell(saying)
  }

  const retry = () => {
    if (state.value === 'ended') live?.connect()
    else live?.hurry()
  }

  return { state, online, endedBy, trouble, start, stop, ask, tell, retry }
})
