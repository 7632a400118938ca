import { parquetTable } from '../common/parquet-table.ts';

/** meta/tasks.parquet: the texts are the pandas index, and without that metadata LeRobot reads every task as a number. */
export function taskTable(texts: readonly string[]): Uint8Array {
  const described = (name: string, pandas: string, numpy: string) => ({
    ...{ name, field_name: name, pandas_type: pandas, numpy_type: numpy, metadata: null },
  });
  const pandas = {
    index_columns: ['task'],
    column_indexes: [
      { name: null, field_name: null, pandas_type: 'unicode', numpy_type: 'object', metadata: { encoding: 'UTF-8' } },
    ],
    columns: [described('task_index', 'int64', 'int64'), described('task', 'unicode', 'object')],
    creator: { library: 'regrasp', version: '1' },
    pandas_version: '2.2.0',
  };
  return parquetTable(
    [
      { name: 'task_index', type: 'int64', cells: texts.map((_, index) => index) },
      { name: 'task', type: 'string', cells: texts },
    ],
    { keyValues: { pandas: JSON.stringify(pandas) } },
  );
}
