import { describe, expect, it } from 'vitest'
import { mostNames, useNames } from '@/composables/useNames'
import { namesIn } from '@/text/names'

describe('a pasted list', () => {
  it('is one name a line, without blanks, numbers and doubles', () => {
    expect(namesIn('1. Bob Ray\r\n 2) Cai  Wen \n\n3、王小明\n4\tEve\tStone\nbob ray\nＢＯＢ RAY')).toEqual(['Bob Ray', 'Cai Wen', '王小明', 'Eve Stone'])
  })

  it('keeps a number that belongs to a name', () => {
    expect(namesIn('7 of 9\nStudent 12')).toEqual(['7 of 9', 'Student 12'])
  })

  it('is done name by name, and keeps those that were refused', async () => {
    const list = useNames('Bob\nCai\nEve')
    const seen: string[] = []
    await list.run(async (name) => {
      seen.push(name)
      return name === 'Cai' ? 'taken' : undefined
    })
    expect(seen).toEqual(['Bob', 'Cai', 'Eve'])
    expect(list.refused.value).toEqual([{ name: 'Cai', why: 'taken' }])
    expect(list.text.value).toBe('Cai')
  })

  it('stops after the name that is on its way, and keeps the rest', async () => {
    const list = useNames('Bob\nCai\nEve')
    await list.run(async () => {
      list.end()
      return undefined
    })
    expect(list.text.value).toBe('Cai\nEve')
  })

  it('has an end', async () => {
    const list = useNames(Array.from({ length: mostNames + 1 }, (_, n) => `Student ${n}`).join('\n'))
    let done = 0
    await list.run(async () => {
      done++
      return undefined
    })
    expect(list.tooMany.value).toBe(true)
    expect(done).toBe(0)
  })
})
