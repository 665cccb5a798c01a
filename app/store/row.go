package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"homeroom/app/fault"
)

// columns are how a row of a table is read into its struct.
type columns struct {
	query  string // SELECT … FROM table
	fields []*schema.Field
}

var columnsOf sync.Map // reflect.Type → *columns

// row is one for what is read whenever somebody comes: where is SQL, and goes to
// the connection as it is written. GORM takes as long to build such a statement
// and to take its row apart as SQLite to answer it.
func row[T any](q Queries, where string, args ...any) (T, error) {
	var to T
	known, err := columnsFor[T](q.db)
	if err != nil {
		return to, err
	}
	rows, err := q.ask(known.query+" WHERE "+where, args...)
	if err != nil {
		return to, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return to, explain(err)
		}
		return to, fault.NotFound
	}
	into := make([]any, len(known.fields))
	value := reflect.ValueOf(&to).Elem()
	for i, field := range known.fields {
		into[i] = value.FieldByIndex(field.StructField.Index).Addr().Interface()
		if field.Serializer != nil {
			into[i] = fromJSON{into[i]}
		}
	}
	return to, explain(rows.Scan(into...))
}

func columnsFor[T any](db *gorm.DB) (*columns, error) {
	of := reflect.TypeFor[T]()
	if known, ok := columnsOf.Load(of); ok {
		return known.(*columns), nil
	}
	statement := gorm.Statement{DB: db}
	if err := statement.Parse(new(T)); err != nil {
		return nil, fmt.Errorf("columns of %s: %w", of, err)
	}
	made := &columns{query: "SELECT " + strings.Join(statement.Schema.DBNames, ", ") + " FROM " + statement.Schema.Table}
	for _, name := range statement.Schema.DBNames {
		made.fields = append(made.fields, statement.Schema.FieldsByDBName[name])
	}
	columnsOf.Store(of, made)
	return made, nil
}

// ask runs a statement that is written out.
func (q Queries) ask(query string, args ...any) (*sql.Rows, error) {
	rows, err := q.db.Statement.ConnPool.QueryContext(q.db.Statement.Context, query, args...)
	return rows, explain(err)
}

// numbered asks for pairs of a number and a value.
func numbered[V any](q Queries, query string, args ...any) (map[int64]V, error) {
	rows, err := q.ask(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values := map[int64]V{}
	for rows.Next() {
		var number int64
		var value V
		if err := rows.Scan(&number, &value); err != nil {
			return nil, explain(err)
		}
		values[number] = value
	}
	return values, explain(rows.Err())
}

// fromJSON reads a column of JSON into what it points to.
type fromJSON struct{ to any }

// Scan is part of sql.Scanner.
func (f fromJSON) Scan(src any) error {
	switch src := src.(type) {
	case string:
		return json.Unmarshal([]byte(src), f.to)
	case []byte:
		return json.Unmarshal(src, f.to)
	default:
		return fmt.Errorf("no JSON: %T", src)
	}
}
