/// A place in one of the clinic's own files.
package struct FilePlace: Hashable, Sendable {
    /// The file as it is named to people: `clinic/clinic.yml`.
    package var file: String
    /// 1-based; 1 where a file is missing altogether.
    package var line: Int
    /// 1-based, where it is known.
    package var column: Int?

    package init(file: String, line: Int, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// One thing that is wrong in the folder `clinic/`, for the person who can mend it.
package struct ConfigurationFault: Hashable, Sendable, CustomStringConvertible {
    package var place: FilePlace
    /// What is wrong and what would mend it.
    package var message: String

    package init(_ message: String, at place: FilePlace) {
        self.message = message
        self.place = place
    }

    package var file: String { place.file }
    package var line: Int { place.line }
    package var column: Int? { place.column }

    /// As compilers print: `clinic/clinic.yml:12:3: error: …`.
    package var description: String {
        "\(file):\(line)\(column.map { ":\($0)" } ?? ""): error: \(message)"
    }
}

/// Everything that is wrong in the folder `clinic/`, in the order of its files and lines; never empty.
package struct ConfigurationFaults: Error, Hashable, Sendable, CustomStringConvertible {
    package let faults: [ConfigurationFault]

    package init(_ faults: [ConfigurationFault]) {
        self.faults = faults
    }

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
