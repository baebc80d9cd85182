/** What a report is, as plain data. */

/** One row of figures or texts, by column. */
export type Row = Readonly<Record<string, number | string | null>>;

/** A picture with the data that it shows. */
export interface Figure {
  /** Letters, digits and hyphens: the name of its file, and of its place on the page. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
  readonly data: readonly Row[];
}

/** How a claim fares. */
export type Verdict = "confirmed" | "contradicted" | "undecided at this size";

/** Something that was said elsewhere, and what is found here. */
export interface Claim {
  readonly statement: string;
  /** Who says it, where. */
  readonly source: string;
  readonly verdict: Verdict;
  /** The id of the figure or table that shows it. */
  readonly figure: string;
  /** Of the number that decides. */
  readonly interval?: readonly [number, number];
  readonly note: string;
}

/** Numbers without a picture. */
export interface ReportTable {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly data: readonly Row[];
}

/** One page. */
export interface Report {
  readonly title: string;
  /** Paragraphs. */
  readonly intro: readonly string[];
  readonly claims: readonly Claim[];
  readonly figures: readonly Figure[];
  readonly tables: readonly ReportTable[];
}

/** What a ready-made figure is told besides its rows. */
export type FigureText = Pick<Figure, "id" | "title" | "caption">;
