import EncounterModel
import Mynacard
import SwiftUI

/// The one screen.
struct EncounterView: View {
    let model: EncounterModel
    let beginAnew: () -> Void
    @Environment(\.scenePhase) private var phase

    var body: some View {
        ScrollView {
            VStack(spacing: 16) {
                Text(model.hint).font(.title3).multilineTextAlignment(.center)
                if model.isBusy { ProgressView() }
                person
                if model.wayOut == nil {
                    KeyPad(typed: model.typed, key: model.key, delete: model.deleteKey)
                    action("カードを読み取る", enabled: model.typed == 14) { await model.scan() }
                    buttons
                    action("医療情報を見る", enabled: model.canSeeSummary) { await model.seeSummary() }
                    action("引き継ぐ", enabled: model.buttons.contains(.handedOver)) {
                        await model.handOver(.nothing)
                    }
                } else {
                    action("新しい活動", enabled: true) { beginAnew() }
                }
                if let report = model.report { Text(report).frame(maxWidth: .infinity, alignment: .leading) }
            }
            .padding()
        }
        .task { await model.appear() }
        // What the app switcher keeps is a picture of the covered screen.
        .overlay {
            if phase != .active { Color(white: 0.5).ignoresSafeArea() }
        }
    }

    @ViewBuilder private var person: some View {
        if let picture = model.photo?.cgImage() {
            Image(decorative: picture, scale: 1).resizable().scaledToFit().frame(height: 220)
        }
        if let why = model.withoutPhoto { Text(why).foregroundStyle(.orange) }
        if let trust = model.trust {
            Label(trust.text, systemImage: trust.isGood ? "checkmark.seal" : "exclamationmark.triangle")
                .foregroundStyle(trust.isGood ? .green : .orange)
        }
        if let patient = model.patient {
            Text(patient.name).font(.title)
            Text(patient.birthDate)
            Text(patient.address)
        }
    }

    private var buttons: some View {
        LazyVGrid(columns: [GridItem(.adaptive(minimum: 150))]) {
            ForEach(model.buttons.filter { $0 != .handedOver }, id: \.rawValue) { event in
                action(event.labelJa, enabled: true) { await model.tap(event) }
            }
        }
    }

    private func action(
        _ label: String, enabled: Bool, _ body: @escaping @MainActor () async -> Void
    ) -> some View {
        Button { Task { await body() } } label: { Text(label).frame(maxWidth: .infinity) }
            .buttonStyle(.bordered)
            .disabled(!enabled || model.isBusy)
    }
}

/// Ten digits and a delete key: digits that pass through a text field become strings, which cannot be wiped.
struct KeyPad: View {
    let typed: Int
    let key: (UInt8) -> Void
    let delete: () -> Void

    var body: some View {
        VStack {
            Text(String(repeating: "●", count: typed) + String(repeating: "○", count: 14 - typed))
                .accessibilityLabel("\(typed) / 14")
            LazyVGrid(columns: Array(repeating: GridItem(), count: 3)) {
                ForEach([1, 2, 3, 4, 5, 6, 7, 8, 9, 0] as [UInt8], id: \.self) { digit in
                    Button { key(digit) } label: { Text("\(digit)").frame(maxWidth: .infinity) }
                }
                Button(action: delete) { Image(systemName: "delete.left").frame(maxWidth: .infinity) }
            }
            .buttonStyle(.bordered)
        }
    }
}

extension CrewNotes {
    /// Until the app has a form for them.
    static var nothing: CrewNotes {
        CrewNotes(
            unit: "", complaint: "", consciousness: "", systolic: nil, diastolic: nil, pulse: nil, breaths: nil,
            oxygen: nil, temperatureTenths: nil)
    }
}
