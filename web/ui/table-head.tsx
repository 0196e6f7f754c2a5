/** The head of a table: its columns by name. A last column without a name has what can be done with the row. */
import { Table } from '@navikt/ds-react';

export function TableHead({ columns, acts }: { columns: readonly string[]; acts?: string }) {
  return (
    <Table.Header>
      <Table.Row>
        {columns.map((column) => (
          <Table.HeaderCell key={column} scope="col">
            {column}
          </Table.HeaderCell>
        ))}
        {acts !== undefined && (
          <Table.HeaderCell scope="col">
            <span className="fyr-unseen">{acts}</span>
          </Table.HeaderCell>
        )}
      </Table.Row>
    </Table.Header>
  );
}
