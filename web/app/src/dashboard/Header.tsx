/** The top line: where one is, who is here, whether it is saved. */
import { Link } from "wouter";
import { People } from "../presence/People";
import { ReviewButton } from "../review/ReviewButton";
import { StatusPill } from "../sync/StatusPill";
import { Logo } from "../ui/Logo";
import { ThemeMenu } from "../ui/ThemeMenu";
import { DashboardTitle } from "./DashboardTitle";
import styles from "./page.module.css";

export function Header() {
  return (
    <div className={styles.header}>
      <div className={styles.crumbs}>
        <Link href="/" className={styles.home} aria-label="All dashboards">
          <Logo size={22} />
          <span className={styles.crumbName}>Dashboards</span>
        </Link>
        <span className={styles.slash} aria-hidden="true">
          /
        </span>
        <DashboardTitle />
      </div>
      <People />
      <ReviewButton />
      <StatusPill />
      <ThemeMenu />
    </div>
  );
}
