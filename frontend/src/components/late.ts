import { defineAsyncComponent, type Component } from 'vue'
import { i18n } from '@/i18n'
import { again } from '@/again'
import { useNotes } from '@/stores/notes'

/** Says that a part of the page did not come: what was pressed would else seem to do nothing. */
export function sayMissing(): void {
  useNotes().say(i18n.global.t('common.missing'), 'bad')
}

/** A part that is loaded when it is first shown. `close` takes back what shows it, so that it can be asked for again. */
export function late<T extends Component>(load: () => Promise<{ default: T }>, close = () => {}): T {
  return defineAsyncComponent({
    loader: again(load),
    onError(_error, _retry, fail) {
      sayMissing()
      close()
      fail()
    },
  })
}
