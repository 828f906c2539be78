import Foundation
import MynacardRaw

#if canImport(CoreGraphics)
    import CoreGraphics
#endif

/// A value that the chip holds in a form that is not understood (不詳): screens show it as it is.
public struct NotUnderstood: Sendable, Hashable {
    /// The object, `face/DF22 birth date`.
    public let item: String
    /// What is wrong with it.
    public let why: Fault
    /// What the chip has in its place, for a screen: printable ASCII as it is, anything else in hex. Personal.
    public let shown: String
    /// In its place on a screen, in Japanese: `不詳(カードの記載 19800200)`, `記載なし`. Personal.
    public let ja: String

    init(_ raw: MynacardRaw.NotUnderstood) {
        (item, why, shown, ja) = (raw.object, Fault(number: raw.why), raw.shown, raw.japanese)
    }
}

extension NotUnderstood: CustomStringConvertible, CustomReflectable {
    /// Nothing personal.
    public var description: String { "NotUnderstood(\(item))" }
    /// Shows nothing to a debugger or a crash report.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The card face (券面情報), wiped with its last reference.
public final class CardFace: Sendable {
    private let raw: MynacardRaw.CardFace

    init(raw: MynacardRaw.CardFace) {
        self.raw = raw
    }

    /// Birth date (生年月日), signed; nil if the chip has none that is a day of the calendar (`notUnderstood`).
    public var birthDate: CalendarDay? { raw.birthDate() }
    /// Sex (性別), signed; nil if the chip has another code.
    public var sex: RegisteredSex? { raw.sex() }
    /// The card's last day (有効期限); nil if the chip has none. Not signed by anybody.
    public var expiry: CalendarDay? { raw.expiry() }
    /// The values that were not understood, in the order of the file.
    public var notUnderstood: [NotUnderstood] { raw.notUnderstood().map(NotUnderstood.init) }

    /// Whether the card has a picture: a small child's has no photo.
    public func has(_ picture: Picture) -> Bool { raw.has(picture: picture) }

    /// Decodes a picture.
    ///
    /// Errors: `.boundaryAbsent` if the card has none, `.malformedBadImage` and limits if it cannot be shown.
    public func pixels(of picture: Picture) throws(MynacardError) -> Pixels {
        Pixels(raw: try calling { try raw.pixels(picture: picture) })
    }

    /// A picture's file as it stands on the chip: JPEG 2000 for the photo, PNG for the others.
    ///
    /// Errors: `.boundaryAbsent` if the card has none.
    public func file(of picture: Picture) throws(MynacardError) -> Data {
        try calling { try raw.pictureFile(picture: picture) }
    }
}

/// A decoded picture, wiped with its last reference. Its pixels stay where the library decoded them.
public final class Pixels: Sendable {
    private let raw: MynacardRaw.Pixels

    init(raw: MynacardRaw.Pixels) {
        self.raw = raw
    }

    /// Width in pixels.
    public var width: Int { Int(raw.width()) }
    /// Height in pixels.
    public var height: Int { Int(raw.height()) }
    /// How a pixel is laid out.
    public var layout: PixelLayout { raw.layout() }
    /// Bytes of a pixel: 1 or 4.
    public var bytesPerPixel: Int {
        switch layout {
        case .grey8: 1
        case .rgba8: 4
        }
    }

    /// The pixels in place, rows from the top, without padding, for as long as `body` runs: no copy is made.
    public func withUnsafeBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try withExtendedLifetime(raw) { try body(inPlace) }
    }

    /// The picture as a PNG file. Errors: limits, if it cannot be made.
    public func png() throws(MynacardError) -> Data {
        try calling { try raw.toPng() }
    }

    private var inPlace: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: UInt(raw.address())), count: Int(raw.length()))
    }

    #if canImport(CoreGraphics)
        /// A picture for the screen that shows the pixels in place: no copy is made before it is drawn, and they are wiped
        /// when the last of it and of this object goes.
        public func cgImage() -> CGImage? {
            let release: CGDataProviderReleaseDataCallback = { info, _, _ in
                if let info { Unmanaged<Pixels>.fromOpaque(info).release() }
            }
            guard let start = inPlace.baseAddress else { return nil }
            let kept = Unmanaged.passRetained(self)
            guard
                let provider = CGDataProvider(
                    dataInfo: kept.toOpaque(), data: start, size: inPlace.count, releaseData: release)
            else {
                kept.release()
                return nil
            }
            let grey = layout == .grey8
            return CGImage(
                width: width, height: height, bitsPerComponent: 8, bitsPerPixel: 8 * bytesPerPixel,
                bytesPerRow: width * bytesPerPixel,
                space: grey ? CGColorSpaceCreateDeviceGray() : CGColorSpaceCreateDeviceRGB(),
                bitmapInfo: CGBitmapInfo(
                    rawValue: grey ? CGImageAlphaInfo.none.rawValue : CGImageAlphaInfo.last.rawValue),
                provider: provider, decode: nil, shouldInterpolate: true, intent: .defaultIntent)
        }
    #endif
}
