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
	table  string
	names  string // table.column, …
	fields []*schema.Field
}

var columnsOf sync.Map // reflect.Type → *columns

// row is one for what is read whenever somebody comes: where is SQL, and goes to
// the connection as it is written. GORM takes as long to build such a statement
// and to take its row apart as SQLite to answer it.
func row[T any](q Queries, where string, args ...any) (T, error) {
	var to T
	of, err := columnsFor[T](q.db)
	if err != nil {
		return to, err
	}
	err = q.first(of.places(&to), "SELECT "+of.names+" FROM "+of.table+" WHERE "+where, args...)
	return to, err
}

// rowAnd is row, and the row of another table that on joins to it.
func rowAnd[T, U any](q Queries, on, where string, args ...any) (T, U, error) {
	var to T
	var and U
	of, err := columnsFor[T](q.db)
	if err != nil {
		return to, and, err
	}
	other, err := columnsFor[U](q.db)
	if err != nil {
		return to, and, err
	}
	err = q.first(append(of.places(&to), other.places(&and)...),
		"SELECT "+of.names+", "+other.names+" FROM "+of.table+" JOIN "+other.table+" ON "+on+" WHERE "+where, args...)
	return to, and, err
}

// first reads the first row of an answer, or returns fault.NotFound.
func (q Queries) first(places []any, query string, args ...any) error {
	rows, err := q.ask(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return explain(err)
		}
		return fault.NotFound
	}
	return explain(rows.Scan(places...))
}

// places are where the columns go in the struct that to points to.
func (c *columns) places(to any) []any {
	places := make([]any, len(c.fields))
	value := reflect.ValueOf(to).Elem()
	for i, field := range c.fields {
		places[i] = value.FieldByIndex(field.StructField.Index).Addr().Interface()
		if field.Serializer != nil {
			places[i] = fromJSON{places[i]}
		}
	}
	return places
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
	table := statement.Schema.Table
	made := &columns{table: table, names: table + "." + strings.Join(statement.Schema.DBNames, ", "+table+".")}
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
