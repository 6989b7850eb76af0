/** A quiet stand-in of the same height as what will come, so that nothing jumps. */
export function Skeleton({ lines = 1, height }: { lines?: number; height?: number }) {
  return (
    <div class="skeletons" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} class="skeleton" style={height ? { height: `${height}px` } : undefined} />
      ))}
    </div>
  );
}
