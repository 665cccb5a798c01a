import { nextTick, onScopeDispose, reactive, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { faultOf } from '@/api/fault'
import { fieldOf, reasonOf, type Field } from '@/text/refusal'
import { lasting } from '@/text/span'
import { useRegion } from './useDates'
import { useFaultText } from './useFaultText'

/**
 * Sending a form: what was refused is said at its field, if the form has that
 * field, else above the button. After too many tries it counts down.
 */
export function useForm(...fields: readonly Field[]) {
  const { t } = useI18n()
  const region = useRegion()
  const faultText = useFaultText()
  const busy = ref(false)
  const failure = ref('')
  const errors = reactive<Partial<Record<Field, string>>>({})
  /** Seconds until it is worth trying again. */
  const wait = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  function clear(): void {
    failure.value = ''
    for (const field of fields) delete errors[field]
  }

  function refuse(field: Field, text: string): void {
    errors[field] = text
    void focusFirst()
  }

  function textOf(thrown: unknown): string {
    const reason = reasonOf(faultOf(thrown))
    return reason ? t(`refusal.${reason}`) : faultText(thrown)
  }

  function take(thrown: unknown): void {
    const fault = faultOf(thrown)
    if (fault.code === 138 && fault.retryAfter) {
      countDown(fault.retryAfter)
      return
    }
    const field = fieldOf(fault)
    if (field && fields.includes(field)) refuse(field, textOf(fault))
    else failure.value = textOf(fault)
  }

  function countDown(seconds: number): void {
    clearInterval(timer)
    const until = Date.now() + seconds * 1000
    const tick = () => {
      wait.value = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      failure.value = wait.value ? t('common.tooManyTries', { time: lasting(region.value, wait.value) }) : ''
      if (!wait.value) clearInterval(timer)
    }
    timer = setInterval(tick, 1000)
    tick()
  }
  onScopeDispose(() => clearInterval(timer))

  /** Does the work once at a time; true when it was done. */
  async function submit(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value || wait.value) return false
    clear()
    busy.value = true
    try {
      await work()
      return true
    } catch (thrown) {
      take(thrown)
      return false
    } finally {
      busy.value = false
    }
  }

  return reactive({ busy, failure, errors, wait, submit, refuse, clear })
}

/** The eye and the screen reader go to what has to be put right. */
async function focusFirst(): Promise<void> {
  await nextTick()
  document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
