/// What is needed to write rejected entries back in the format they came in.
package struct CorrectionShape: Hashable, Sendable, Codable {
    package var format: DropFormat
    package var form: String?
    /// CSV: the header row without its line end.
    ///
    /// XML: the root's start tag as written. HL7: nothing.
    package var opening: [UInt8]
    /// CSV: what ends a row.
    package var lineEnd: [UInt8]
    /// CSV: the delimiter.
    package var delimiter: UInt8
    /// XML: the root's end tag.
    package var closing: [UInt8]

    package init(
        format: DropFormat, form: String? = nil, opening: [UInt8] = [], lineEnd: [UInt8] = [], delimiter: UInt8 = 0,
        closing: [UInt8] = []
    ) {
        self.format = format
        self.form = form
        self.opening = opening
        self.lineEnd = lineEnd
        self.delimiter = delimiter
        self.closing = closing
    }
}
