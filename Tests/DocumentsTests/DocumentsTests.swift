import Clinic
import ClinicTesting
import Documents
import Testing

@Suite("Documents")
struct DocumentsTests {
    @Test("a template that the program does not have is named in the error")
    func unknownTemplate() {
        #expect(throws: UnknownTemplate.self) { try Rendering.render(kind: "poem", version: 1, model: []) }
        #expect(throws: UnknownTemplate.self) { try Rendering.render(kind: "bill-text", version: 99, model: []) }
        #expect("\(UnknownTemplate(kind: "poem", version: 1))" == "no template renders poem in version 1")
    }

    @Test("the same event gives the same models and bytes again")
    func sameAgain() throws {
        let one = try Scene().documents("bill.issued", [Scene.bill()])
        let other = try Scene().documents("bill.issued", [Scene.bill()])
        #expect(one.map(\.model) == other.map(\.model))
        #expect(try one.map { try $0.text() } == other.map { try $0.text() })
        #expect(try one.map { try $0.text() } == one.map { try $0.text() })
    }

    @Test("models are canonical JSON without fractions")
    func canonical() throws {
        let models = try Scene().documents("bill.issued", [Scene.bill()])
        for model in models {
            let text = String(decoding: model.model, as: UTF8.self)
            #expect(text.utf8.first == UInt8(ascii: "{"))
            #expect(!text.contains("\\/"))
            #expect(!text.contains("\n"))
        }
    }

    @Test("an event that calls for nothing queues nothing", arguments: ["plan.approved", "case.started", "bill.paid"])
    func nothing(kind: String) throws {
        #expect(try Scene().documents(kind, [Scene.bill(), Scene.surgicalCase()]).isEmpty)
    }

    @Test("a registration's slip has reference and MRN, and no more")
    func slip() throws {
        let scene = Scene()
        let patient = try #require(scene.state.fetch(Patient.self, id: Scene.mrn.rawValue))
        let registration = Registration(
            source: "kiosk", reference: "=1+1", mrn: Scene.mrn, registeredAt: .at("2026-10-01T09:00:00Z"))
        let documents = try scene.documents("patient.registered", [patient, registration])
        #expect(documents.map { "\($0.folder)/\($0.name)" } == ["registrations/00000042-registration.csv"])
        #expect(try documents[0].text() == "reference,mrn\r\n'=1+1,\(Scene.mrn)\r\n")
    }
}
