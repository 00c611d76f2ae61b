import type { ICellRendererComp, ICellRendererParams } from 'ag-grid-community';
import type { Preferences } from '../app/preferences.ts';
import { cellText, type GridColumn } from './column.ts';

/** What every cell of a grid is given beside its row. */
export interface CellContext {
  readonly dates: () => Preferences['dates'];
}

interface ValueCellParams<R> extends ICellRendererParams<R, unknown, CellContext> {
  readonly gridColumn: GridColumn<R>;
}

/** Draws text and amounts without React, because a screen of rows holds hundreds of them; a grey bar while the row loads. */
export class ValueCell<R> implements ICellRendererComp<R> {
  readonly #element = document.createElement('span');

  init(params: ValueCellParams<R>): void {
    this.#draw(params);
  }

  getGui(): HTMLElement {
    return this.#element;
  }

  refresh(params: ValueCellParams<R>): boolean {
    this.#draw(params);
    return true;
  }

  #draw({ data, gridColumn, context }: ValueCellParams<R>): void {
    const element = this.#element;
    if (data === undefined) {
      element.className = 'cell-skeleton';
      element.replaceChildren();
      return;
    }
    const { text, pad } = cellText(gridColumn, data, context.dates());
    element.className = text === '–' ? 'cell-value quiet' : 'cell-value';
    element.textContent = text;
    if (pad === '') return;
    const padding = document.createElement('span');
    padding.className = 'num__pad';
    padding.setAttribute('aria-hidden', 'true');
    padding.textContent = pad;
    element.append(padding);
  }
}
