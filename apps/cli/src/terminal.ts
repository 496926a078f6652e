/** Where a command writes for people, and what it knows of its surroundings. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Home directory of the user. */
  readonly home: string;
}
