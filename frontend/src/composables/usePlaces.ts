import { computed, watch, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { useClasses } from '@/stores/classes'
import { useMembers } from '@/stores/members'
import { useThreads } from '@/stores/threads'
import { rank } from '@/text/match'

export interface Place {
  key: string
  kind: 'class' | 'thread' | 'person'
  name: string
  where: string
  className: string
  hue: number
  path: string
}

const most = 40

/** Everything that one can go to, best match first: threads, classes, people. */
export function usePlaces(query: Ref<string>): ComputedRef<Place[]> {
  const { t } = useI18n()
  const route = useRoute()
  const classes = useClasses()
  const threads = useThreads()
  const members = useMembers()

  // People of all classes are looked up once somebody searches.
  watch(query, async (text) => {
    if (!text) return
    for (const one of classes.list) if (!members.loaded(one.id)) await members.load(one.id)
  })

  const all = computed(() => {
    const places: (Place & { recent: number })[] = []
    for (const one of classes.list) {
      const shared = { className: one.name, hue: one.hue }
      for (const thread of threads.list(one.id)) {
        places.push({
          key: `t${thread.id}`,
          kind: 'thread',
          name: thread.name,
          where: one.name,
          path: `/c/${one.id}/t/${thread.id}`,
          recent: Date.parse(thread.last_message?.created_at ?? thread.created_at),
          ...shared,
        })
      }
      places.push({ key: `c${one.id}`, kind: 'class', name: one.name, where: t('palette.class'), path: `/c/${one.id}`, recent: 0, ...shared })
      if (!query.value) continue
      for (const member of members.list(one.id)) {
        places.push({
          key: `p${one.id}.${member.user_id}`,
          kind: 'person',
          name: member.name,
          where: one.name,
          className: one.name,
          hue: member.hue,
          path: `/c/${one.id}?person=${member.user_id}`,
          recent: 0,
        })
      }
    }
    return places
  })

  return computed(() => {
    const text = query.value.trim()
    if (!text) {
      return all.value
        .filter((place) => place.path !== route.path)
        .sort((a, b) => b.recent - a.recent)
        .slice(0, most)
    }
    const order = { thread: 0, class: 1, person: 2 } as const
    return all.value
      .map((place) => ({ place, rank: rank(place.name, text) }))
      .filter((one) => one.rank > 0)
      .sort((a, b) => b.rank - a.rank || order[a.place.kind] - order[b.place.kind] || b.place.recent - a.place.recent)
      .slice(0, most)
      .map((one) => one.place)
  })
}
