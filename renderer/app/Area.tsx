import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode, Suspense } from 'react';
import { Button, EmptyState, Spinner } from '../design/index.ts';
import styles from './App.module.css';
import { sentenceOf } from './notices.ts';

/**
 * One area of the window. When something in it fails, only it goes: one sentence and "Try again"; the rest works on.
 * A change of `resetKey` (another episode) tries again by itself.
 */
export function Area({ name, resetKey, children }: { name: string; resetKey?: string; children: ReactNode }) {
  return (
    <Boundary name={name} key={resetKey ?? name}>
      <Suspense fallback={<Waiting label={`Loading ${name}`} />}>{children}</Suspense>
    </Boundary>
  );
}

export function Waiting({ label }: { label: string }) {
  return (
    <div className={styles.waiting}>
      <Spinner label={label} size={18} />
    </div>
  );
}

interface BoundaryProps {
  name: string;
  children: ReactNode;
}

class Boundary extends Component<BoundaryProps, { message: string | null }> {
  override state: { message: string | null } = { message: null };

  static getDerivedStateFromError(error: unknown) {
    return { message: sentenceOf(error) };
  }

  override componentDidCatch(error: unknown): void {
    console.error(`The ${this.props.name} failed:`, error);
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <EmptyState
        icon={<TriangleAlert size={22} />}
        title={`The ${this.props.name} cannot be shown`}
        actions={<Button onClick={() => this.setState({ message: null })}>Try again</Button>}
      >
        {message}
      </EmptyState>
    );
  }
}
