import XML

/// What became of a document: the events, and the fault that ended them.
struct Outcome: Equatable {
    var events: [Event] = []
    var fault: Fault?

    /// The events as one readable line: `<name attribute=value>`, texts, `</name>`.
    var outline: String {
        events.map { event in
            switch event {
            case .startElement(let start):
                "<\(start.name)"
                    + start.attributes.map { " \($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }.joined() + ">"
            case .text(let text): String(decoding: text.value, as: UTF8.self)
            case .endElement(let end): "</\(end.name)>"
            }
        }.joined()
    }
}

/// Reads a document in pieces of a length.
func read(_ document: [UInt8], pieces: Int = 65_536, limits: Limits = Limits()) -> Outcome {
    var rest = document[...]
    let reader = EventReader(limits: limits) { most in
        defer { rest = rest.dropFirst(min(most, pieces)) }
        return Array(rest.prefix(min(most, pieces)))
    }
    var outcome = Outcome()
    do {
        while let event = try reader.next() {
            outcome.events.append(event)
        }
    } catch {
        outcome.fault = error as? Fault
    }
    return outcome
}

/// Reads a document in UTF-8.
func read(_ document: String, pieces: Int = 65_536, limits: Limits = Limits()) -> Outcome {
    read(Array(document.utf8), pieces: pieces, limits: limits)
}

/// The entries of a document, and the fault that ended them.
func entries(_ document: [UInt8], limits: Limits = Limits()) -> (entries: [Entry], fault: Fault?) {
    var entries: [Entry] = []
    do {
        let reader = try EntryReader(limits: limits, bytes: document)
        while let entry = try reader.next() {
            entries.append(entry)
        }
        return (entries, nil)
    } catch {
        return (entries, error as? Fault)
    }
}
