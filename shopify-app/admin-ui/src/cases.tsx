// Codes by order, code or state, one case with its journal, and the open questions with the few buttons that answer them.

import { useEffect, useState } from 'preact/hooks';
import { ask, toast, type Problem } from './ask.ts';
import type { Desk } from './desk.tsx';
import { Row, Wrong } from './desk.tsx';
import { Trouble } from './guide.tsx';

interface Review { no: number; title: string; text: string; steps: string[]; evidence: Array<{ label: string; value: string }>; due_line: string; overdue: boolean; open: boolean; amount_text: string | null; result: string; buttons: Array<{ resolution: string; label: string }>; resolution_text: string | null; reason: string | null }
interface Row { id: string; number: string; state_text: string; amount_text: string; placed_text: string; code: string | null; open_reviews: number; mode: string; reviews?: Review[] }
interface Told { view: any; journal: Array<{ no: number; at_text: string; text: string }>; problems: Problem[] }

export function Cases({ desk, open }: { desk: Desk; open: boolean }) {
  const { say } = desk;
  const [rows, setRows] = useState<Row[]>();
  const [problems, setProblems] = useState<Problem[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [search, setSearch] = useState('');
  const [error, setError] = useState<Error>();
  const look = (): void => { ask<{ cases: Row[]; problems?: Problem[] }>(`cases?search=${encodeURIComponent(search)}&reviews=${open ? 'open' : ''}`).then((found) => { setRows(found.cases); setProblems(found.problems ?? []); }, setError); };
  useEffect(look, [open]);
  if (chosen) return <One desk={desk} id={chosen} back={() => { setChosen(undefined); look(); }} />;
  return (
    <s-section heading={say(open ? 'tab.reviews' : 'tab.cases')}>
      <s-stack gap="base">
        {!open && (
          <s-stack direction="inline" gap="small" alignItems="end">
            <s-search-field label={say('search')} value={search} onInput={(event: Event) => setSearch((event.currentTarget as HTMLInputElement).value)} />
            <s-button onClick={look}>{say('search.go')}</s-button>
          </s-stack>
        )}
        <Wrong error={error} />
        {!rows && !error && <s-spinner />}
        {problems.map((one) => <Trouble key={one.order_id + one.name} desk={desk} problem={one} done={look} />)}
        {rows?.length === 0 && problems.length === 0 && <s-text>{say(open ? 'reviews.none' : 'cases.none')}</s-text>}
        {rows?.map((row) => (
          <s-box key={row.id} border="base" borderRadius="base" padding="base">
            <s-stack gap="small">
              <s-stack direction="inline" gap="small" alignItems="center">
                <s-text type="strong">{row.number}</s-text>
                <s-badge tone={row.open_reviews > 0 ? 'warning' : 'info'}>{row.state_text}</s-badge>
                {row.mode === 'test' && <s-badge>{say('test')}</s-badge>}
              </s-stack>
              <s-text>{[row.amount_text, row.code, row.placed_text].filter(Boolean).join(' · ')}</s-text>
              {row.reviews?.map((review) => <s-text key={review.no} tone={review.overdue ? 'critical' : 'auto'}>{review.title} · {review.due_line}</s-text>)}
              <Row><s-button onClick={() => setChosen(row.id)}>{say('case.open')}</s-button></Row>
            </s-stack>
          </s-box>
        ))}
      </s-stack>
    </s-section>
  );
}

function One({ desk, id, back }: { desk: Desk; id: string; back(): void }) {
  const { say } = desk;
  const [told, setTold] = useState<Told>();
  const [error, setError] = useState<Error>();
  const look = (): void => { ask<Told>(`cases/${id}`).then(setTold, setError); };
  useEffect(look, [id]);
  const decide = (decision: unknown): void => {
    setError(undefined);
    ask<Told>(`cases/${id}`, { method: 'POST', body: { decision } }).then((next) => { setTold(next); toast(say('done')); }, setError);
  };
  const view = told?.view;
  return (
    <s-stack gap="base">
      <Row><s-button onClick={back}>{say('back')}</s-button></Row>
      <Wrong error={error} />
      {!view && !error && <s-spinner />}
      {view && (
        <s-section heading={`${view.number} · ${view.state_text}`}>
          <s-stack gap="small">
            {[['code', view.code], ['amount', view.amount_text], ['deadline', view.deadline_text], ['next_question', view.next_question_text]].filter(([, text]) => text).map(([label, text]) => <s-text key={label}>{say(label)}: {text}</s-text>)}
            <s-link href={view.page_url} target="_blank">{say('case.page')}</s-link>
            {view.refunds.map((refund: any) => <s-text key={refund.key}>{say('refund')}: {refund.amount_text} · {refund.state_text}</s-text>)}
            <s-stack direction="inline" gap="small">
              {view.decisions.map((one: any) => <s-button key={one.label} onClick={() => decide(one.decision)}>{one.label}</s-button>)}
            </s-stack>
          </s-stack>
        </s-section>
      )}
      {told?.problems.map((one) => <Trouble key={one.name} desk={desk} problem={one} done={look} />)}
      {view?.reviews.map((review: Review) => <Question key={review.no} desk={desk} review={review} decide={decide} />)}
      {told && (
        <s-section heading={say('journal')}>
          <s-stack gap="small">{told.journal.map((entry) => <s-text key={entry.no}>{entry.at_text} · {entry.text}</s-text>)}</s-stack>
        </s-section>
      )}
    </s-stack>
  );
}

function Question({ desk: { say }, review, decide }: { desk: Desk; review: Review; decide(decision: unknown): void }) {
  const [reason, setReason] = useState('');
  return (
    <s-section heading={review.title}>
      <s-stack gap="small">
        <s-paragraph>{review.text}</s-paragraph>
        {review.open ? <s-text tone={review.overdue ? 'critical' : 'auto'}>{review.due_line}</s-text> : <s-text>{review.resolution_text}: {review.reason}</s-text>}
        {review.open && <ol>{review.steps.map((step) => <li key={step}><s-text>{step}</s-text></li>)}</ol>}
        {review.evidence.map((row) => <s-text key={row.label}>{row.label}: {row.value}</s-text>)}
        {review.open && (
          <>
            <s-text-field label={say('reason')} value={reason} onInput={(event: Event) => setReason((event.currentTarget as HTMLInputElement).value)} />
            <s-stack direction="inline" gap="small">
              {review.buttons.map((button) => <s-button key={button.resolution} onClick={() => decide({ resolve: { review: review.no, resolution: button.resolution, reason } })}>{button.label}</s-button>)}
            </s-stack>
          </>
        )}
      </s-stack>
    </s-section>
  );
}
