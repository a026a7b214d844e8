import Clinic
import Forms
import Testing

@Suite("Damaged HL7 messages")
struct DamageTests {
    /// A generator of its own, so that every run damages the same bytes.
    private struct Generator {
        var state: UInt64

        mutating func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    @Test(
        "whatever is damaged, each entry comes to forms, findings or nothing on purpose",
        arguments: try HL7Reading.fixtures())
    func damage(name: String) throws {
        let bytes = try HL7Reading.fixture(name)
        let telling = Array("|^~\\&\"\r\n;-0TDX\u{B}\u{1C}".utf8) + [0xC3, 0xFF]
        var generator = Generator(state: UInt64(bytes.count))
        for _ in 0..<150 {
            var damaged = bytes
            for _ in 0...generator.next(below: 4) {
                let place = 9 + generator.next(below: damaged.count - 9)
                switch generator.next(below: 3) {
                case 0: damaged[place] = telling[generator.next(below: telling.count)]
                case 1: damaged.insert(telling[generator.next(below: telling.count)], at: place)
                default: damaged.removeSubrange(place..<min(damaged.count, place + 1 + generator.next(below: 9)))
                }
            }
            do {
                for entry in try HL7Reading.read(damaged).entries {
                    #expect(entry.isIgnored || !entry.forms.isEmpty || !entry.findings.isEmpty)
                    for form in entry.forms {
                        let typed = try HL7Reading.type(form)
                        #expect(typed.command.form == form.form)
                    }
                }
            } catch let refusal as DropRefusal {
                #expect(["drop.incomplete", "drop.empty"].contains(refusal.finding.finding.rule.code))
            }
        }
    }
}
