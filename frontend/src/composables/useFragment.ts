import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { fromFragment } from '@/text/fragment'

/**
 * Takes a secret out of the part of the address after "#" and then takes it
 * away from there: whoever sits at the computer next must not find it in the
 * history. A second link that is opened on the same page counts as well.
 */
export function useFragment(key: string, take: (value: string) => void): void {
  const route = useRoute()
  const router = useRouter()
  watch(
    () => route.hash,
    (hash) => {
      if (!hash) return
      const value = fromFragment(hash, key)
      if (value) take(value)
      void router.replace({ path: route.path, query: route.query })
    },
    { immediate: true },
  )
}
