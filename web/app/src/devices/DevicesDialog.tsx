/** Where one works besides here, and "Continue here". Loaded when it is first opened. */
import type { OwnDevice, OwnDocument, OwnTab } from "@coboard/client";
import { useConnectionStatus, useDevices } from "@coboard/react";
import { Check, CloudOff, Laptop, Link2, Smartphone } from "lucide-react";
import { useId, useState } from "react";
import { useLocation } from "wouter";
import { identity, linkForOtherDevice } from "../identity/identity";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { ago, fullMoment } from "../ui/time";
import { toastProblem } from "../ui/toast";
import { useNow } from "../ui/useNow";
import { handOver } from "../view/handOver";
import { rangeThere, viewThere } from "../view/told";
import styles from "./devices.module.css";
import { deviceNameOf, isAlone, isHandheld, tabName } from "./places";

const LOOK_EVERY_MS = 10_000;
/** Below this the dialog is the whole screen. */
const NARROW_PX = 768;

/** Mount it to open it. */
export default function DevicesDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      title="Your devices"
      size={520}
      fullScreen={window.innerWidth < NARROW_PX}
      cross
      onClose={onClose}
    >
      <Devices onClose={onClose} />
    </Dialog>
  );
}

function Devices({ onClose }: { readonly onClose: () => void }) {
  const list = useDevices();
  const connection = useConnectionStatus();
  const now = useNow(LOOK_EVERY_MS);
  const [, navigate] = useLocation();
  const continueHere = ({ id, title, view }: OwnDocument) => {
    onClose();
    if (!handOver(id, viewThere(view))) navigate(`/d/${id}`);
    announce(`${title} continues here`);
  };
  if (connection.state !== "connected" && connection.state !== "connecting") {
    return (
      <p className={styles.note} role="status" data-testid={testIds.devices} data-state="offline">
        <CloudOff size={16} aria-hidden="true" />
        Without a connection to the server nobody can say where else you are.
      </p>
    );
  }
  if (list.status === "failed") {
    return (
      <p className={styles.note} role="status" data-testid={testIds.devices} data-state="failed">
        Your devices could not be listed: {list.error.message}.
      </p>
    );
  }
  if (list.status === "loading") {
    return <div className={styles.loading} data-testid={testIds.devices} data-state="loading" />;
  }
  const devices = list.value;
  return (
    <div data-testid={testIds.devices} data-state="ready">
      <ul className={styles.devices}>
        {devices.map((device) => (
          <Device key={device.id} device={device} nowMs={now} onContinue={continueHere} />
        ))}
      </ul>
      {isAlone(devices) && (
        <p className={styles.hint}>
          Nothing else is connected. What you open in another tab, or on another device as the same person,
          shows up here and can be continued at the same place.
        </p>
      )}
      <Another />
    </div>
  );
}

/** The way to be the same person elsewhere. */
function Another() {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(linkForOtherDevice());
      setCopied(true);
      announce("Address copied");
    } catch {
      toastProblem("another", "The address was not copied", "This browser does not allow it.");
    }
  };
  return (
    <div className={styles.another}>
      <p className={styles.anotherText}>
        To be {identity().name} on another device, open this address there. Keep it to yourself: whoever opens
        it can work under your name.
      </p>
      <Button onClick={() => void copy()}>
        {copied ? <Check size={16} /> : <Link2 size={16} />}
        {copied ? "Copied" : "Copy address"}
      </Button>
    </div>
  );
}

interface DeviceProps {
  readonly device: OwnDevice;
  readonly nowMs: number;
  readonly onContinue: (document: OwnDocument) => void;
}

function Device({ device, nowMs, onContinue }: DeviceProps) {
  const id = useId();
  const Icon = isHandheld(device) ? Smartphone : Laptop;
  const name = deviceNameOf(device);
  return (
    <li
      className={styles.device}
      aria-labelledby={id}
      data-testid={testIds.ownDevice}
      data-this={device.isThis}
    >
      <header className={styles.head}>
        <Icon size={16} aria-hidden="true" />
        <h3 id={id} className={styles.name}>
          {name}
        </h3>
        {device.isThis && name !== "This device" && <span className={styles.tag}>this device</span>}
      </header>
      <ul className={styles.tabs}>
        {device.tabs.map((tab, index) => (
          <Tab
            key={tab.client}
            tab={tab}
            label={tabName(tab, index, device.tabs.length)}
            device={name}
            nowMs={nowMs}
            onContinue={onContinue}
          />
        ))}
      </ul>
    </li>
  );
}

interface TabProps {
  readonly tab: OwnTab;
  readonly label: string;
  readonly device: string;
  readonly nowMs: number;
  readonly onContinue: (document: OwnDocument) => void;
}

function Tab({ tab, label, device, nowMs, onContinue }: TabProps) {
  if (tab.documents.length === 0) {
    return (
      <li className={styles.tab} data-testid={testIds.ownTab} data-this={tab.isThis}>
        <div className={styles.what}>
          <span className={styles.elsewhere}>No dashboard open</span>
          <When label={label} activeAtMs={tab.activeAtMs} isThis={tab.isThis} nowMs={nowMs} />
        </div>
      </li>
    );
  }
  return tab.documents.map((document) => (
    <li
      key={document.id}
      className={styles.tab}
      data-testid={testIds.ownTab}
      data-this={tab.isThis}
      data-anchor={document.view?.anchor ?? undefined}
    >
      <div className={styles.what}>
        <span className={styles.title} title={document.title}>
          {document.title}
        </span>
        <When
          label={label}
          activeAtMs={document.activeAtMs}
          isThis={tab.isThis}
          nowMs={nowMs}
          range={rangeThere(document.view)}
        />
      </div>
      {!tab.isThis && (
        <Button
          aria-label={`Continue here: ${document.title}, from ${device}${label && `, ${label}`}`}
          onClick={() => onContinue(document)}
        >
          Continue here
        </Button>
      )}
    </li>
  ));
}

interface WhenProps {
  readonly label: string;
  readonly activeAtMs: number;
  readonly isThis: boolean;
  readonly nowMs: number;
  readonly range?: string | null;
}

/** "Tab 2 · Last 1 h · active 5 min ago". */
function When({ label, activeAtMs, isThis, nowMs, range = null }: WhenProps) {
  const last = isThis ? null : `active ${ago(activeAtMs, Math.max(nowMs, activeAtMs))}`;
  const words = [label, range, last].filter(Boolean).join(" · ");
  return (
    <span className={`${styles.when} num`} title={isThis ? undefined : fullMoment(activeAtMs)}>
      {words}
    </span>
  );
}
