import Foundation
import Testing

/// The first phase of the pathway from a slip to the patient's access, as files go through the program.
@Suite("A patient's access")
struct AccessTests {
    @Test("a patient registers with a password, is sent a code, and opens the account with it; only once")
    func verified() throws {
        let bench = try Bench()
        try bench.drop(
            """
            reference,given_name,family_name,birth_date,sex,email,phone,password,allergies
            K-1,Ada,North,1990-05-06,F,ada@mail.example,+44 20 7946 0100,seven-quiet-boats,NONE

            """, as: "kiosk/k.csv")
        #expect(try bench.drain().entries["applied"] == 1)
        #expect(try bench.sql("SELECT state, role FROM account") == "PENDING_VERIFICATION|PATIENT")
        #expect(try bench.sql("SELECT substr(password_hash, 1, 7) FROM credential") == "$2b$10$")
        let mail = try #require(try bench.files("outbox/mail").first { $0.key.hasSuffix("account.eml") })
        let text = String(decoding: mail.value, as: UTF8.self)
        let token = try #require(text.firstMatch(of: /\b[0-9a-f]{32}\b/)?.output)
        #expect(try !bench.sql("SELECT token_sha256 FROM credential").contains(token))
        #expect(try bench.sql("SELECT count(*) FROM outbound WHERE instr(CAST(model AS TEXT), '\(token)') > 0") == "0")

        func answer(_ token: some StringProtocol, as reference: String) throws -> [String: Int] {
            try bench.drop(
                "reference,action,mrn,token\n\(reference),VERIFY_EMAIL,10000016,\(token)\n", as: "\(reference).csv")
            return try bench.drain().entries
        }
        #expect(try answer(String(token.reversed()), as: "V-1")["rejected"] == 1)
        #expect(try answer(token, as: "V-2")["applied"] == 1)
        #expect(try bench.sql("SELECT state FROM account") == "ACTIVE")
        #expect(try answer(token, as: "V-3")["rejected"] == 1)
    }
}
