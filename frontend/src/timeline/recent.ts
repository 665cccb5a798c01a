import type { EventFrame } from '@/live/frames'

const most = 400

/** The class's last events, for pages that were read before them and arrive after. */
export class Recent {
  private readonly byClass = new Map<number, EventFrame[]>()

  add(event: EventFrame): void {
    const events = this.byClass.get(event.class_id) ?? []
    events.push(event)
    if (events.length > 2 * most) events.splice(0, events.length - most)
    this.byClass.set(event.class_id, events)
  }

  of(classId: number): readonly EventFrame[] {
    return this.byClass.get(classId) ?? []
  }

  forget(classId?: number): void {
    if (classId === undefined) this.byClass.clear()
    else this.byClass.delete(classId)
  }
}
