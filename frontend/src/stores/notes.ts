import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Note {
  id: number
  text: string
  tone: 'plain' | 'bad'
}

let last = 0

/** Short words at the foot of the window that go away by themselves. */
export const useNotes = defineStore('notes', () => {
  const notes = ref<Note[]>([])

  function dismiss(id: number): void {
    notes.value = notes.value.filter((note) => note.id !== id)
  }

  function say(text: string, tone: Note['tone'] = 'plain'): void {
    const id = ++last
    notes.value = [...notes.value.slice(-2), { id, text, tone }]
    setTimeout(() => dismiss(id), tone === 'bad' ? 8000 : 4000)
  }

  return { notes, say, dismiss }
})
