package files

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/fault"
)

func TestANameIsOneThatIsAFileOnEveryDisk(t *testing.T) {
	for name, want := range map[string]string{
		"lab report.pdf":                    "lab report.pdf",
		"  lab   report.pdf ":               "lab report.pdf",
		"Screenshot at 10.12\u202fAM.png":   "Screenshot at 10.12 AM.png",
		"实验\u3000报告.docx":                   "实验 报告.docx",
		"e\u0301t\u00e9.txt":                "été.txt",
		"👩\u200d🔬.png":                      "👩\u200d🔬.png",
		"...and so on.txt":                  "...and so on.txt",
		"console.txt":                       "console.txt",
		"COM10.txt":                         "COM10.txt",
		".htaccess.txt":                     ".htaccess.txt",
		strings.Repeat("长", 116) + ".txt":   strings.Repeat("长", 116) + ".txt",
		"a;rm -rf `x`&\"'<img onerror>.txt": "a;rm -rf `x`&\"'<img onerror>.txt",
	} {
		got, err := CleanName(name)
		require.NoError(t, err, "%q", name)
		require.Equal(t, want, got)
	}
	for _, name := range []string{
		"", " ", ".", "..", "...", ". .", "a/b.txt", `a\b.txt`, "../../etc/passwd", "/etc/passwd", `..\boot.ini`, `C:\x.txt`,
		"CON", "con.txt", "Aux.pdf", "nul .txt", "COM1.txt", "lpt9.csv", "COM¹.txt", "conin$.txt",
		"a\x00.txt", "a\r\nSet-Cookie: x.txt", "a\tb.txt", "a\x1b[31m.txt", "a\x7f.txt", "a\u0085.txt",
		"exe.\u202efdp.txt", "a\u2066b.txt", "a\u200eb.txt", "a\ufeff.txt", "a\u00ad.txt", "a\u200b.txt", "a\xff.txt", "a\ufffd.txt", "a\ue000.txt",
		strings.Repeat("a", 117) + ".txt",
	} {
		_, err := CleanName(name)
		require.ErrorIs(t, err, fault.Malformed, "%q", name)
	}
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{"a.txt", "..", "CON.txt", "a\u202eb.pdf", "実験.png", "a\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean, err := CleanName(name)
		if err != nil {
			require.ErrorIs(t, err, fault.Malformed)
			return
		}
		again, err := CleanName(clean)
		require.NoError(t, err)
		require.Equal(t, clean, again, "what is clean stays so")
		require.NotContains(t, clean, "/")
		require.NotContains(t, clean, `\`)
		require.NotContains(t, []string{"", ".", ".."}, clean)
		for _, r := range clean {
			require.False(t, r < 0x20 || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069, "%q", clean)
		}
	})
}

// zipped is an archive with these entries.
func zipped(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		require.NoError(t, err)
		_, err = entry.Write([]byte("what is in " + name))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// document is an OpenDocument file of a kind.
func document(t testing.TB, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entry, err := w.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, UncompressedSize64: uint64(len(kind)), CompressedSize64: uint64(len(kind))})
	require.NoError(t, err)
	_, err = entry.Write([]byte(kind))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func oleOf(sector string) []byte {
	return append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), []byte(strings.Repeat("\x00", 504)+sector+strings.Repeat("\x00", 2000))...)
}

func check(name string, content []byte) error {
	kind, err := KindOf(name)
	if err != nil {
		return err
	}
	return kind.Check(bytes.NewReader(content))
}

func TestAFileIsTakenWhereItsNameSaysWhatItHolds(t *testing.T) {
	office := func(part string) []byte { return zipped(t, "[Content_Types].xml", "_rels/.rels", part) }
	for name, content := range map[string][]byte{
		"a.pdf": []byte("%PDF-1.7\n1 0 obj"), "A.PDF": []byte("%PDF-1.4\n"),
		"a.docx": office("word/document.xml"), "a.xlsx": office("xl/workbook.xml"), "a.pptx": office("ppt/presentation.xml"),
		"a.odt": document(t, "application/vnd.oasis.opendocument.text"),
		"a.ods": document(t, "application/vnd.oasis.opendocument.spreadsheet"),
		"a.odp": document(t, "application/vnd.oasis.opendocument.presentation"),
		"a.doc": oleOf(""), "a.xls": oleOf(""), "a.ppt": oleOf(""),
		"a.txt": []byte("hello"), "b.txt": []byte("你好，世界"), "c.txt": []byte("{\"a\":1}"), "d.txt": {0xc4, 0xe3, 0xba, 0xc3, '\n'}, // GBK
		"a.md": []byte("# Homework\n\n- one\n"), "a.csv": []byte("a,b\n1,2\n3,4\n"), "b.csv": []byte("a;b\n1;2\n"),
		"a.zip": zipped(t, "notes.txt", "more/notes.txt"),
	} {
		require.NoError(t, check(name, content), name)
	}
}

func TestThreat19WhatRunsIsNotTakenWhateverItIsCalled(t *testing.T) {
	elf := append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 200)...)
	exe := append([]byte("MZ\x90\x00"), make([]byte, 200)...)
	runs := map[string][]byte{
		"svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "svg with a head": []byte("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
		"html": []byte("<!DOCTYPE html><script>alert(1)</script>"), "html without a head": []byte("<script>alert(1)</script>"), "html after space": []byte("\n\n  <html><body onload=x>"),
		"xml": []byte(`<?xml version="1.0"?><a/>`), "php": []byte("<?php system('id');"), "shell": []byte("#!/bin/sh\nid\n"), "python": []byte("#!/usr/bin/env python3\nprint(1)\n"),
		"elf": elf, "exe": exe, "jar": zipped(t, "META-INF/MANIFEST.MF", "A.class"), "apk": zipped(t, "AndroidManifest.xml", "classes.dex"),
		"gif that is a page": []byte("GIF89a=1;<script>alert(1)</script>"),
	}
	tried := 0
	for what, content := range runs {
		for extension := range kinds {
			if what == "gif that is a page" && extension == ".gif" {
				continue // the picture is drawn anew, or broken
			}
			require.ErrorIs(t, check("a"+extension, content), fault.WrongMedia, "%s as %s", what, extension)
			tried++
		}
	}
	for _, name := range []string{"a.svg", "a.html", "a.htm", "a.xml", "a.js", "a.exe", "a.bat", "a.sh", "a.jar", "a.docm", "a.xlsm", "a.rtf", "a.tiff", "a.psd", "a.heic", "a.rar", "a.7z", "a", "a.", "pdf", "a.png.exe"} {
		_, err := KindOf(name)
		require.ErrorIs(t, err, fault.WrongMedia, name)
	}
	// One kind under the name of another.
	for name, content := range map[string][]byte{
		"a.png": []byte("%PDF-1.7\n"), "a.pdf": zipped(t, "x"), "a.docx": zipped(t, "x"), "a.txt": []byte("%PDF-1.7\n"), "a.zip": []byte("hello"),
		"a.csv": {0, 1, 2, 3, 0xff}, "a.doc": zipped(t, "word/document.xml"), "a.odt": document(t, "application/vnd.oasis.opendocument.spreadsheet"),
	} {
		require.ErrorIs(t, check(name, content), fault.WrongMedia, name)
	}
	require.Greater(t, tried, 200)
}
