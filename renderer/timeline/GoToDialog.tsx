import { useState } from 'react';
import { formatTime } from '../../shared/time/nanoseconds.ts';
import { Button, Dialog, TextField } from '../design/index.ts';
import type { Player } from '../playback/player.ts';
import { parseGoTo, resolveGoTo } from './go-to.ts';

/** Asks for a tick, time, distance or share, and says where that leads before one goes. */
export function GoToDialog({
  open,
  onOpenChange,
  player,
}: {
  open: boolean;
  onOpenChange(open: boolean): void;
  player: Player;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Go to" size="s">
      <GoToForm player={player} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function GoToForm({ player, onDone }: { player: Player; onDone(): void }) {
  const [text, setText] = useState('');
  const target = parseGoTo(text);
  const tick = target && resolveGoTo(target, player.times, player.commandedTick());
  const isUnclear = text.trim() !== '' && target === undefined;
  return (
    <form
      style={{ display: 'grid', gap: 'var(--space-4)' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (tick === undefined) return;
        player.seek(tick, event.timeStamp);
        onDone();
      }}
    >
      <TextField
        label="Tick, time, distance or share"
        autoFocus
        value={text}
        placeholder="372, 12.4s, 1:02.4, +5s, -30, 50%"
        onChange={(event) => setText(event.target.value)}
        fault={isUnclear ? 'Type a tick (372), a time (12.4s, 1:02.4), a distance (+5s, -30) or a share (50%).' : null}
        hint={
          tick === undefined
            ? 'A plain number is a tick; a sign goes from here.'
            : `Tick ${tick}, ${formatTime(player.times[tick] ?? 0)}`
        }
      />
      <Button tone="primary" type="submit" disabled={tick === undefined}>
        Go
      </Button>
    </form>
  );
}
