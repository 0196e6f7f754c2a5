/** A day and a time, as the browser asks for them; on a Norwegian clock (`text/typed-time.ts`). */
import { TextField, type TextFieldProps } from '@navikt/ds-react';

type TimeFieldProps = Omit<TextFieldProps, 'type' | 'onChange' | 'value'> & {
  value: string;
  onTyped: (value: string) => void;
};

/** The design system's field knows the type and only doesn't name it. */
const type = 'datetime-local' as 'text';

export function TimeField({ onTyped, ...rest }: TimeFieldProps) {
  return <TextField {...rest} type={type} onChange={(event) => onTyped(event.target.value)} />;
}
