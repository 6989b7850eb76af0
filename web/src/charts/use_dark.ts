import { useEffect, useState } from 'preact/hooks';

const query = '(prefers-color-scheme: dark)';

/** True while the person prefers dark; what is drawn on a canvas must be drawn anew when it changes. */
export function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const change = () => setDark(list.matches);
    list.addEventListener('change', change);
    return () => list.removeEventListener('change', change);
  }, []);
  return dark;
}
