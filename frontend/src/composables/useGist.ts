import { useI18n } from 'vue-i18n'
import { isPicture, type Message } from '@/api/nouns'
import { gist } from '@/text/gist'

/** A message on one line: its words, or what was sent without any. */
export function useGist(): (message: Pick<Message, 'content' | 'files'>, most?: number) => string {
  const { t } = useI18n()
  return ({ content, files }, most) => {
    const words = gist(content, most)
    const [first] = files
    if (words || !first) return words
    if (files.every(isPicture)) return t('files.photos', { n: files.length }, files.length)
    return files.length > 1 ? t('files.andMore', { name: first.name, n: files.length - 1 }) : first.name
  }
}
