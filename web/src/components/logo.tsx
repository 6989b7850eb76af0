/** A basket woven of bits. */
export function Logo() {
  return (
    <a class="logo" href="./" aria-label="ByteBasket, start page">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect class="logo-tile" width="32" height="32" rx="8" />
        <path class="logo-handle" d="M9.5 14C9.5 9 12 6.5 16 6.5S22.5 9 22.5 14" />
        <g class="logo-bits">
          <rect x="5" y="13" width="22" height="3.4" rx="1.2" />
          <rect x="6.5" y="18" width="4" height="4" rx="1" />
          <rect class="logo-bright" x="11.5" y="18" width="4" height="4" rx="1" />
          <rect x="16.5" y="18" width="4" height="4" rx="1" />
          <rect x="21.5" y="18" width="4" height="4" rx="1" />
          <rect x="9" y="23" width="4" height="4" rx="1" />
          <rect x="14" y="23" width="4" height="4" rx="1" />
          <rect class="logo-bright" x="19" y="23" width="4" height="4" rx="1" />
        </g>
      </svg>
      <span class="logo-word">
        Byte<b>Basket</b>
      </span>
    </a>
  );
}
