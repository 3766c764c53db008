//! Tables for spreadsheets: CSV and XLSX.

use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use jiff::civil::DateTime;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::error::WebError;

/// Tells spreadsheets that a CSV file is UTF-8; without it Excel garbles Chinese.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// How moments are shown in a workbook.
const MOMENT: &str = "yyyy-mm-dd hh:mm";

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words, perhaps a person's own.
    Text(String),
    /// A number.
    Number(f64),
    /// A moment, in the reader's time zone.
    Moment(DateTime),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

/// A table with the names of its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// File name without its ending.
    pub file: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The table as a file to download: `csv` or `xlsx`.
    ///
    /// # Errors
    /// 404 for another ending.
    pub fn download(&self, ending: &str) -> Result<Response, WebError> {
        let (kind, body) = match ending {
            "csv" => ("text/csv; charset=utf-8", self.csv().map_err(|error| WebError::internal(&error))?),
            "xlsx" => (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                self.xlsx().map_err(|error| WebError::internal(&error))?,
            ),
            _ => return Err(WebError::not_found()),
        };
        let headers: [(HeaderName, String); 2] = [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{ending}\"", self.file)),
        ];
        Ok((headers, body).into_response())
    }

    fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(in_csv))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let (bold, moment) = (Format::new().set_bold(), Format::new().set_num_format(MOMENT));
        let sheet = workbook.add_worksheet();
        for (column, name) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, column, name, &bold)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    // Written as a text, so that nothing is taken for a formula.
                    Cell::Text(text) => sheet.write_string(line, column, text)?,
                    Cell::Number(number) => sheet.write_number(line, column, *number)?,
                    Cell::Moment(at) => sheet.write_datetime_with_format(line, column, at, &moment)?,
                    Cell::Empty => sheet,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
        workbook.save_to_buffer()
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection).
fn in_csv(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) => {
            format!("'{text}")
        }
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Moment(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        Cell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn table() -> Table {
        Table {
            file: "students".to_owned(),
            columns: vec!["姓名".to_owned(), "Score".to_owned(), "When".to_owned()],
            rows: vec![
                vec!["=HYPERLINK(\"x\")".into(), Cell::Number(-0.5), Cell::Empty],
                vec!["林, \"晓\"".into(), 7.into(), Cell::Moment("2026-03-02T12:05:00".parse().unwrap())],
            ],
        }
    }

    #[test]
    fn csv_is_read_by_spreadsheets_and_runs_nothing() {
        let text = String::from_utf8(table().csv().unwrap()).unwrap();

        assert_eq!(
            text,
            "\u{feff}姓名,Score,When\r\n\"'=HYPERLINK(\"\"x\"\")\",-0.5,\r\n\"林, \"\"晓\"\"\",7,2026-03-02 12:05\r\n"
        );
        for start in ["+1", "-1", "@a", "\t=1", "＝1"] {
            assert!(in_csv(&start.into()).starts_with('\''), "{start}");
        }
    }

    #[test]
    fn a_workbook_holds_texts_as_texts() {
        let bytes = table().xlsx().unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };

        assert!(read("xl/sharedStrings.xml").contains("=HYPERLINK"));
        let sheet = read("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<v>-0.5</v>") && !sheet.contains("<f>"), "{sheet}");
    }
}
